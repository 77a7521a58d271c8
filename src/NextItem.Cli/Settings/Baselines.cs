namespace NextItem.Cli.Settings;

/// <summary>The baselines that <c>train</c> knows.</summary>
internal static class Baselines
{
    public static IReadOnlyList<Baseline> All { get; } =
    [
        new Baseline<object?, PopularityModel>("pop", null, (train, _, _) => PopularityModel.Fit(train), _ => { }, _ => null) { LearnsFromSingleEvents = true },
        new Baseline<RecentPopularityOptions, RecentPopularityModel>("recent-pop", new(), RecentPopularityModel.Fit, o => o.Validate(), model => model.Options)
        {
            LearnsFromSingleEvents = true,
            Settings =
            [
                new("events", [], (o, v) => o with { Events = v.Int() }, o => o.Events),
                new("time_share", [], (o, v) => o with { TimeShare = v.Float() }, o => o.TimeShare),
                new("list_length", ["top_n"], (o, v) => o with { ListLength = v.Int() }, o => o.ListLength),
            ],
        },
        new Baseline<object?, SessionPopularityModel>("s-pop", null, (train, _, _) => SessionPopularityModel.Fit(train), _ => { }, _ => null) { LearnsFromSingleEvents = true },
        new Baseline<object?, MarkovModel>("markov", null, (train, _, cancellationToken) => MarkovModel.Fit(train, cancellationToken), _ => { }, _ => null),
        new Baseline<ItemKnnOptions, ItemKnnModel>("item-knn", new(), ItemKnnModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("regularisation", ["lmbd"], (o, v) => o with { Regularisation = v.Float() }, o => o.Regularisation),
                new("alpha", [], (o, v) => o with { Alpha = v.Float() }, o => o.Alpha),
                new("neighbours", ["n_sims"], (o, v) => o with { Neighbours = v.Int() }, o => o.Neighbours),
            ],
        },
        new Baseline<RulesOptions, RulesModel>("rules", new(), RulesModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("ordered", [], (o, v) => o with { Ordered = v.Bool() }, o => o.Ordered),
                new("distance_weight", [], (o, v) => o with { DistanceWeight = v.Bool() }, o => o.DistanceWeight),
                new("max_distance", ["steps"], (o, v) => o with { MaxDistance = v.Int() }, o => o.MaxDistance),
                new("rules_per_item", ["pruning"], (o, v) => o with { RulesPerItem = v.Int() }, o => o.RulesPerItem),
            ],
        },
        new Baseline<BprMfOptions, BprMfModel>("bpr-mf", new(), BprMfModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("factors", ["n_factors"], (o, v) => o with { Factors = v.Int() }, o => o.Factors),
                new("n_epochs", ["n_iterations"], (o, v) => o with { Epochs = v.Int() }, o => o.Epochs),
                new("learning_rate", [], (o, v) => o with { LearningRate = v.Float() }, o => o.LearningRate),
                new("session_penalty", ["lambda_session"], (o, v) => o with { SessionPenalty = v.Float() }, o => o.SessionPenalty),
                new("item_penalty", ["lambda_item"], (o, v) => o with { ItemPenalty = v.Float() }, o => o.ItemPenalty),
                new("initial_scale", ["sigma"], (o, v) => o with { InitialScale = v.Float() }, o => o.InitialScale),
                new("negatives", [], (o, v) => o with { Negatives = v.OneOf(Choices.BprNegatives) }, o => Choices.NameOf(Choices.BprNegatives, o.Negatives)),
                new("seed", [], (o, v) => o with { Seed = v.ULong() }, o => o.Seed),
            ],
        },
        new Baseline<VSknnOptions, VSknnModel>("v-sknn", new(), VSknnModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("neighbours", ["k"], (o, v) => o with { Neighbours = v.Int() }, o => o.Neighbours),
                new("recent_sessions", ["m", "sample_size"], (o, v) => o with { RecentSessions = v.Int() }, o => o.RecentSessions),
                new("idf_weight", ["idf_weighting"], (o, v) => o with { IdfWeight = v.Float() }, o => o.IdfWeight),
                new("session_length", [], (o, v) => o with { SessionLength = v.Int() }, o => o.SessionLength),
            ],
        },
        new Baseline<VmisKnnOptions, VmisKnnModel>("vmis-knn", new(), VmisKnnModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("neighbours", ["k"], (o, v) => o with { Neighbours = v.Int() }, o => o.Neighbours),
                new("recent_sessions", ["m"], (o, v) => o with { RecentSessions = v.Int() }, o => o.RecentSessions),
                new("idf_weight", ["idf_weighting"], (o, v) => o with { IdfWeight = v.Float() }, o => o.IdfWeight),
                new("session_length", ["max_items_in_session"], (o, v) => o with { SessionLength = v.Int() }, o => o.SessionLength),
            ],
        },
    ];

    /// <summary>The baseline of a name, or null.</summary>
    public static Baseline? Find(string algorithm) => All.FirstOrDefault(baseline => baseline.Name == algorithm);
}
