using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data.Reading;
using YamlDotNet.RepresentationModel;

namespace NextItem.Cli.Settings;

/// <summary>
/// RecBole's configuration of its GRU4Rec as settings of ours, field by field: every field of a file is told, and so is every default of
/// RecBole that takes part. docs/coming-from.md has the table.
/// </summary>
/// <remarks>Names and defaults: RecBole's properties/overall.yaml and properties/model/GRU4Rec.yaml.</remarks>
internal sealed partial class RecBole
{
    private readonly RecBoleFile _file;
    private readonly List<RecBoleField> _fields = [];
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    private RecBole(RecBoleFile file) => _file = file;

    /// <summary>What RecBole's GRU4Rec is, whatever its fields say.</summary>
    public static IReadOnlyList<(string Name, string Value, string Why)> Always { get; } =
    [
        ("constrained_embedding", "True", "RecBole scores by the vectors that it reads"),
        ("variant", "reset-after", "PyTorch's GRU"),
        ("logq", "1", "of CE, which is over all items there; here over samples, corrected for how often they are drawn"),
        ("train_random_order", "True", "RecBole shuffles"),
    ];

    /// <summary>Maps every field.</summary>
    /// <exception cref="UsageException">Values that cannot be used: all of them.</exception>
    public static IReadOnlyList<RecBoleField> Map(RecBoleFile file)
    {
        var mapping = new RecBole(file);
        mapping.Network();
        mapping.Training();
        mapping.Negatives();
        mapping.Validation();
        mapping.Rest();
        if (mapping._faults.Count > 0)
            throw new UsageException(mapping._faults);
        return mapping._fields;
    }

    private void Network()
    {
        if (_file["model"] is { } model)
        {
            if (RecBoleFile.TextOf(model) != "GRU4Rec")
                _faults.Add(_file.Fault("model", "GRU4Rec").Message);
            Tell("model", "GRU4Rec", [], "what this command is for");
        }

        var units = Whole("hidden_size", 128, 1);
        var layers = Whole("num_layers", 1, 1);
        Tell("hidden_size", Text(units), [("layers", string.Join('/', Enumerable.Repeat(Text(units), (int)Math.Min(layers, 100))))], "units of every layer");
        Tell("num_layers", Text(layers), [], "how many layers 'layers' has");
        var size = Whole("embedding_size", 64, 1);
        Tell("embedding_size", Text(size), [], size == units
            ? "the vectors' length is that of the last layer"
            : $"a linear layer from {units} units to vectors of {size} stands there between; here vectors are as long as the last layer: {units}", hasNoCounterpart: size != units);
        var name = _file.Has("dropout") && !_file.Has("dropout_prob") ? "dropout" : "dropout_prob";
        var dropout = Real(name, 0.3, value => value is >= 0 and < 1, "0 to 1, without the latter");
        Tell(name, Text(dropout), [("dropout_p_embed", Text(dropout))]);
        var length = Whole("MAX_ITEM_LIST_LENGTH", 50, 1);
        Tell("MAX_ITEM_LIST_LENGTH", Text(length), [("bptt", Text(Math.Min(length, 64)))], length > 64 ? "steps that gradients go back; 64 at most here" : "steps that gradients go back; 1 is much faster and the papers' way");
    }

    private void Training()
    {
        Tell("epochs", Text(Whole("epochs", 300, 1)), [("n_epochs", Text(Whole("epochs", 300, 1)))]);
        var batch = Whole("train_batch_size", 2048, 1);
        Tell("train_batch_size", Text(batch), [("batch_size", Text(batch))], "(prefix, target) pairs of a step there, sessions side by side here: as many targets");
        var learner = Word("learner", "adam", "adam", "sgd", "adagrad", "rmsprop", "sparse_adam");
        var (form, note) = LearnerOf(learner);
        Tell("learner", learner, form, note);
        var rate = Real("learning_rate", 0.001, value => value > 0, "a number above 0");
        Tell("learning_rate", Text(rate), [("learning_rate", Text(rate))]);
        var decay = Real("weight_decay", 0, value => value >= 0, "0 or more");
        Tell("weight_decay", Text(decay), [("lmbd", Text(decay))], decay > 0 ? "not quite the same: PyTorch adds it to the gradient, lmbd acts after the optimiser's scaling" : "");
        var seed = Whole("seed", 2020, 0);
        Tell("seed", Text(seed), [("seed", Text(seed))], "another generator: other numbers");
        var norm = "~";
        if (_file["clip_grad_norm"] is { } clip)
        {
            norm = Inner(clip, "max_norm") is { } most && double.TryParse(most, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number) ? Text(number) : "";
            if (norm.Length == 0 || Inner(clip, "norm_type") is not (null or "2" or "2.0"))
                _faults.Add(_file.Fault("clip_grad_norm", "{max_norm: a number above 0, norm_type: 2}").Message);
        }

        Tell("clip_grad_norm", norm, norm is "~" or "" ? [] : [("grad_cap", norm)], norm == "~" ? "no limit, as here" : "");
    }

    /// <summary>
    /// PyTorch's optimisers and their defaults, which RecBole does not change. Adagrad's and RMSprop's epsilon is added to the root there and stands
    /// within it here: its square, so that a step from nothing is as long.
    /// </summary>
    private static ((string, string)[] Settings, string Note) LearnerOf(string learner) => learner switch
    {
        "sgd" => ([("adapt", "sgd")], ""),
        "adagrad" => ([("adapt", "adagrad"), ("optimizer_epsilon", "1e-20")], "PyTorch's eps of 1e-10, squared: within the root here"),
        "rmsprop" => ([("adapt", "rmsprop"), ("adapt_params", "0.99"), ("optimizer_epsilon", "1e-16")], "PyTorch's alpha, and its eps of 1e-8, squared: within the root here"),
        "sparse_adam" => ([("adapt", "adam"), ("optimizer_epsilon", "1e-8")], "every optimiser here updates the touched rows alone; PyTorch's eps"),
        _ => ([("adapt", "adam"), ("optimizer_epsilon", "1e-8")], "PyTorch's eps"),
    };

    private void Negatives()
    {
        var isBpr = Word("loss_type", "CE", "CE", "BPR") == "BPR";
        Tell("loss_type", isBpr ? "BPR" : "CE", isBpr ? [("loss", "bpr"), ("final_act", "linear")] : [("loss", "cross-entropy")], isBpr ? "the mini-batch's other targets are negatives too" : "over samples here");
        var name = _file.Has("neg_sampling") && !_file.Has("train_neg_sample_args") ? "neg_sampling" : "train_neg_sample_args";
        var (distribution, count, alpha) = NegativesOf(name);
        var shown = _file[name] is { } given ? RecBoleFile.TextOf(given) : _file.Has(name) ? "~" : "{distribution: uniform, sample_num: 1}";
        if (!isBpr)
            Tell(name, shown, [], "not used by CE: n_sample and sample_alpha stay the defaults here");
        else if (count == 0)
            _faults.Add($"{name} is {shown}; expected negatives, for loss_type is BPR.");
        else
            Tell(name, shown, [("n_sample", Text(count)), ("sample_alpha", Text(distribution == "uniform" ? 0 : alpha))], "of a pair there, of a mini-batch here");
    }

    /// <summary>The older form {uniform: 1} and the newer one {distribution: uniform, sample_num: 1, alpha: 1.0, dynamic: False}.</summary>
    private (string Distribution, long Count, double Alpha) NegativesOf(string name)
    {
        const string Expected = "{distribution: uniform or popularity, sample_num: 1 or more, alpha: 0 to 1, dynamic: False} or {uniform: 1 or more}";
        if (!_file.Has(name))
            return ("uniform", 1, 1);
        if (_file[name] is not { } given)
            return ("uniform", 0, 1);
        var distribution = Inner(given, "distribution");
        string? count;
        if (distribution is not null)
            count = Inner(given, "sample_num") ?? "1";
        else if (given is YamlMappingNode { Children: [var only] })
            (distribution, count) = (RecBoleFile.TextOf(only.Key), RecBoleFile.TextOf(only.Value));
        else
            count = null;
        double alpha = 1;
        var isFine = distribution is "uniform" or "popularity" && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1 << 24
            && (Inner(given, "alpha") is not { } power || (double.TryParse(power, NumberStyles.Float, CultureInfo.InvariantCulture, out alpha) && alpha is >= 0 and <= 1))
            && Inner(given, "dynamic") is null or "False" or "false";
        if (isFine)
            return (distribution!, long.Parse(count!, CultureInfo.InvariantCulture), alpha);
        _faults.Add(_file.Fault(name, Expected).Message);
        return ("uniform", 1, 1);
    }

    private void Validation()
    {
        var every = Whole("eval_step", 1, 0);
        var steps = Whole("stopping_step", 10, 0);
        Tell("eval_step", Text(every), [], every <= 1 ? "after every epoch, with --valid" : "after every epoch here, with --valid");
        var after = $"there it stops after stopping_step + 1 validations without improvement{(every > 1 ? $", {Text(every)} epochs each" : "")}; needs --valid";
        Tell("stopping_step", Text(steps), [("patience", Text(every == 0 ? 0 : Math.Min((steps + 1) * every, int.MaxValue)))], every == 0 ? "eval_step is 0: no validation" : after);
        var given = _file["valid_metric"] is { } node ? RecBoleFile.TextOf(node) : "MRR@10";
        var parts = given.ToLowerInvariant().Split('@');
        var metric = parts[0] switch { "mrr" => "mrr", "recall" or "hit" => "recall", _ => null };
        if (metric is null || parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cutoff) || cutoff < 1)
            Tell("valid_metric", given, [], "early stopping goes by mrr@K or recall@K here: the default stays", hasNoCounterpart: true);
        else
            Tell("valid_metric", given, [("validation_metric", $"{metric}@{Text(cutoff)}")], parts[0] == "hit" ? "one target a case: Hit is Recall" : "");
    }

    /// <summary>Every other field of the files.</summary>
    private void Rest()
    {
        foreach (var name in _file.Names.Where(name => !_told.Contains(name)).ToArray())
        {
            var text = _file[name] is { } value ? RecBoleFile.TextOf(value) : "~";
            if (s_elsewhere.TryGetValue(name, out var where))
                Tell(name, text, [], where);
            else
                Tell(name, text, [], NearestName.Of(name, _told) is { } near ? $"did you mean '{near}'?" : "nothing here goes by it", hasNoCounterpart: true);
        }
    }
}
