using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models.Baselines;

/// <summary>Fits stop when they are told to: none goes on to its end after Ctrl+C.</summary>
public class FitCancellationTests
{
    private static readonly SessionSet s_train = Generated.Sessions(sessions: 60, items: 20, seed: 5);

    public static TheoryData<string> Algorithms => [.. s_fits.Keys];

    private static readonly Dictionary<string, Action<CancellationToken>> s_fits = new()
    {
        ["recent-pop"] = token => RecentPopularityModel.Fit(s_train, null, token),
        ["markov"] = token => MarkovModel.Fit(s_train, token),
        ["rules"] = token => RulesModel.Fit(s_train, null, token),
        ["item-knn"] = token => ItemKnnModel.Fit(s_train, null, token),
        ["bpr-mf"] = token => BprMfModel.Fit(s_train, new BprMfOptions { Factors = 2, Epochs = 1 }, token).Open(1).Dispose(),
        ["v-sknn"] = token => VSknnModel.Fit(s_train, null, token),
        ["vmis-knn"] = token => VmisKnnModel.Fit(s_train, null, token),
    };

    [Theory, MemberData(nameof(Algorithms))]
    public void Fit_Cancelled_Stops(string algorithm)
    {
        s_fits[algorithm](CancellationToken.None);
        Assert.Throws<OperationCanceledException>(() => s_fits[algorithm](new CancellationToken(canceled: true)));
    }
}
