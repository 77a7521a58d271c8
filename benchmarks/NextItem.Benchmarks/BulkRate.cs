using System.Globalization;
using NextItem.Kernels;
using NextItem.Synthetic;

namespace NextItem.Benchmarks;

/// <summary>
/// Sessions a second of <see cref="Recommender.RecommendMany"/> for blocks of 256 sessions, as <c>recommend --data</c> asks for them, 20 items each,
/// on one thread: best of several runs, in processor time. Reading and writing the files is not in it.
/// </summary>
internal static class BulkRate
{
    private const int Wanted = 20;
    private const int Block = 256;

    /// <summary>Runs all models and prints a table.</summary>
    /// <param name="args">Number of runs of each, default 5.</param>
    public static int Run(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var train = BenchmarkLog.Generate(new BenchmarkLogOptions { Sessions = 200_000 });
        var asked = BenchmarkLog.Events(new BenchmarkLogOptions { Sessions = 10_240, Seed = 43 })
            .GroupBy(each => each.SessionKey).Select(session => session.Select(each => each.ItemKey).ToArray()).Chunk(Block).ToArray();
        Console.WriteLine($"{Environment.ProcessorCount} processors; .NET {Environment.Version}; {SimdWidth.Floats} floats a vector; best of {runs}");
        Console.WriteLine($"log of {train.Catalog.Count:N0} items, {train.Count:N0} sessions, {train.EventCount:N0} events; asked for {asked.Sum(block => block.Length):N0} sessions, {Wanted} items each");
        Console.WriteLine($"{"model",-34} {"sessions/s",11}");
        using var network = RandomModels.Gru4Rec(train.Catalog, [100]);
        using var large = RandomModels.Gru4Rec(train.Catalog, [512]);
        var neighbours = VmisKnnModel.Fit(train);
        Measure("pop", PopularityModel.Fit(train));
        Measure("markov", MarkovModel.Fit(train));
        Measure("item-knn", ItemKnnModel.Fit(train));
        Measure("vmis-knn", neighbours);
        Measure("v-sknn", VSknnModel.Fit(train));
        Measure("gru4rec, 100 units", network);
        Measure("gru4rec, 512 units", large);
        Measure("fusion of gru4rec (100), vmis-knn", FusionModel.Of([network, neighbours]));
        return 0;

        void Measure(string name, ISessionModel model)
        {
            using var recommender = new Recommender(model);
            foreach (var block in asked.AsSpan(0, 8)) // so that the compiler has done its work, and the index is built
                recommender.RecommendMany(block, Wanted);
            var best = 0.0;
            for (var run = 0; run < runs; run++)
            {
                var cpu = Environment.CpuUsage.TotalTime;
                foreach (var block in asked)
                    recommender.RecommendMany(block, Wanted);
                best = Math.Max(best, asked.Length * Block / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            }

            Console.WriteLine($"{name,-34} {best,11:N0}");
        }
    }
}
