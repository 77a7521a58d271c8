using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Data;
using NextItem.Preparation;
using NextItem.Synthetic;

namespace NextItem.Cli.Commands;

/// <summary><c>demo</c>: a small generated shop from click log to recommendations, beside the best score that is possible at all.</summary>
internal static class DemoCommand
{
    private const string ItemsHeader = "ItemId\tName\tCategory";
    private const string Prepared = "prepared";

    public static Command Create(Terminal terminal)
    {
        var output = new Option<DirectoryInfo>("--out", "-o") { HelpName = "folder", Description = "Folder for the demo's files", DefaultValueFactory = _ => new DirectoryInfo("nextitem-demo") };
        var seed = CommonOptions.Parsed(
            new Option<int>("--seed") { HelpName = "number", Description = "Seed of the shop and of training: another seed, another shop", DefaultValueFactory = _ => 42 },
            text => CommonOptions.Number(text) is { } number and <= int.MaxValue ? (int)number : null,
            "a whole number of at least 0");
        var command = new CommandWithExamples(
            "demo",
            "Generates a small shop's click log, prepares it, trains, evaluates against baselines and the generator's own best possible score, writes a report, and recommends.",
            "demo",
            "demo --out my-demo --seed 7")
        {
            output, seed,
        };
        command.SetAction((parse, cancellationToken) =>
        {
            Run(terminal, parse.GetValue(output)!, parse.GetValue(seed), cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Run(Terminal terminal, DirectoryInfo folder, int seed, CancellationToken cancellationToken)
    {
        if (File.Exists(folder.FullName))
            throw new RunException($"--out {folder} is a file; expected a folder.");
        RequireOwnFolder(folder);
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var shop = ShopGenerator.Generate(new ShopOptions { Seed = seed });
        var files = WriteFiles(folder, shop);
        terminal.Out.WriteLine($"A shop of {shop.Items.Count:N0} items was made up (seed {seed}); its click log is in {folder}: clicks.csv, items.tsv.");
        Prepare(terminal, folder, shop, cancellationToken);

        var readTrain = ReviewedEvents.Read(files.Train, new EventColumns(), null, cancellationToken);
        var readTest = ReviewedEvents.Read(files.Test, new EventColumns(), readTrain.Sessions.Catalog, cancellationToken);
        var (train, test) = (readTrain.Sessions, readTest.Sessions);
        terminal.Out.WriteLine($"train: {train.EventCount:N0} events, {train.Count:N0} sessions; test: {test.EventCount:N0} events, {test.Count:N0} later sessions.");
        terminal.Out.WriteLine();

        var options = Options(seed);
        terminal.Out.WriteLine($"Training GRU4Rec: {options.Layers[0]} units, {options.Epochs} epochs ...");
        var reporter = new TrainingReporter(terminal, time);
        var trained = reporter.Run(progress => Trainer.Fit(train, options, new TrainingContext { Progress = progress, TimeProvider = time }, cancellationToken));
        Files.SaveModel(files.Model, trained);
        terminal.Out.WriteLine();

        new DemoComparison(terminal, shop, readTrain, readTest).Write(files.Report, Path.Combine(folder.ToString(), files.Report.Name), trained, cancellationToken);
        WriteRecommendations(terminal, shop, test, trained.Model);
        WriteNextSteps(terminal, folder, shop, time.GetElapsedTime(started));
    }

    /// <summary>What the demo trains with: enough for its small shop, in seconds.</summary>
    internal static Gru4RecOptions Options(int seed) => new()
    {
        Layers = [100],
        BatchSize = 32,
        Epochs = 10,
        LearningRate = 0.1f,
        DropoutEmbedding = 0.5f,
        NegativeSampleCount = 1024,
        SampleAlpha = 0.5f,
        Seed = (ulong)seed,
    };

    /// <summary>Refuses a folder whose events are not a demo's, for they would be replaced.</summary>
    private static void RequireOwnFolder(DirectoryInfo folder)
    {
        FileInfo In(string name) => new(Path.Combine(folder.ToString(), name));
        Files.RequireWritable("--out", In("shop.nextitem"));
        var isDemo = In("items.tsv").Exists && File.ReadLines(In("items.tsv").FullName).FirstOrDefault() == ItemsHeader;
        string[] prepared = Directory.Exists(In(Prepared).FullName) ? [.. Directory.EnumerateFiles(In(Prepared).FullName).Select(file => Path.Combine(Prepared, Path.GetFileName(file)))] : [];
        foreach (var file in ((string[])["clicks.csv", "items.tsv", "report.html", .. prepared]).Select(In))
        {
            if (file.Exists && !isDemo)
                throw new RunException($"--out {folder}: {file} is not a demo's and would be replaced; expected an empty or new folder, or an earlier demo's.");
        }
    }

    private sealed record DemoFiles(FileInfo Log, FileInfo Train, FileInfo Test, FileInfo Items, FileInfo Model, FileInfo Report);

    private static DemoFiles WriteFiles(DirectoryInfo folder, Shop shop)
    {
        FileInfo In(string name) => new(Path.Combine(folder.FullName, name));
        var files = new DemoFiles(In("clicks.csv"), In(Path.Combine(Prepared, "train_full.tsv")), In(Path.Combine(Prepared, "test.tsv")), In("items.tsv"), In("shop.nextitem"), In("report.html"));
        AtomicFile.Write(files.Items.FullName, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(ItemsHeader + "\n");
            foreach (var item in shop.Items)
                writer.Write($"{item.Key}\t{item.Name}\t{item.Category}\n");
        });
        AtomicFile.Write(files.Log.FullName, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write("session_id,item_id,time\n");
            foreach (var click in shop.Train.Concat(shop.Test).OrderBy(click => click.Time))
                writer.Write($"{click.SessionKey},{click.ItemKey},{Moment(click.Time):yyyy-MM-ddTHH:mm:ss.FFFFFFZ}\n");
        });
        return files;
    }

    /// <summary>The log as it would come from a shop, to training and test: every session is the shop's own and stays whole, so that the best possible score is that of these very sessions.</summary>
    private static void Prepare(Terminal terminal, DirectoryInfo folder, Shop shop, CancellationToken cancellationToken)
    {
        string In(string name) => Path.Combine(folder.FullName, name);
        var report = SessionPreparer.Prepare(
            new PreparationOptions
            {
                Inputs = [In("clicks.csv")],
                OutputFolder = In(Prepared),
                OutputFormat = OutputFormat.Tsv,
                ItemFiles = [In("items.tsv")],
                Steps = new PreparationSteps { CollapseRepeats = false, MinItemSupport = 1, TestFrom = Moment(shop.SplitTime), Crossing = CrossingSessions.Keep },
            },
            cancellationToken: cancellationToken);
        terminal.Out.WriteLine($"prepare made {string.Join(", ", report.Files.Select(file => file.Name))} of it in {Path.Combine(folder.ToString(), Prepared)}, with a report, prepare.html.");
    }

    // Whole microseconds, as prepare has them.
    private static DateTimeOffset Moment(double seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * 1e6) * TimeSpan.TicksPerMicrosecond);

    private static void WriteRecommendations(Terminal terminal, Shop shop, SessionSet test, ISessionModel model)
    {
        var names = shop.Items.ToDictionary(item => item.Key, item => item.Name);
        var session = LiveSession(test);
        var keys = test.ItemsOf(session)[..3].ToArray().Select(model.Catalog.KeyOf).ToArray();
        using var recommender = new Recommender(model);
        terminal.Out.WriteLine("A visitor looks at:");
        foreach (var key in keys)
            terminal.Out.WriteLine($"   {key,-12} {names[key]}");
        terminal.Out.WriteLine("and should see next:");
        ItemTable.Write(terminal, recommender.Recommend(keys, 5, new RecommendOptions { ExcludeSeen = true }).Items, names);
    }

    /// <summary>The first test session of at least four events, all of known items.</summary>
    private static int LiveSession(SessionSet test)
    {
        for (var session = 0; session < test.Count; session++)
        {
            if (test.ItemsOf(session).Length >= 4 && !test.ItemsOf(session).Contains(ItemCatalog.UnknownItem))
                return session;
        }

        return 0;
    }

    private static void WriteNextSteps(Terminal terminal, DirectoryInfo folder, Shop shop, TimeSpan took)
    {
        var item = shop.Items[0].Key;
        string In(string name) => ShellText.Quoted(Path.Combine(folder.ToString(), name));
        terminal.Out.WriteLine($"Done in {took.TotalSeconds:F0} s. The model is {In("shop.nextitem")}. Next:");
        terminal.Out.WriteLine($"   nextitem recommend --model {In("shop.nextitem")} --names {In("items.tsv")} --items {ShellText.Quoted(item)}");
        terminal.Out.WriteLine($"   nextitem similar   --model {In("shop.nextitem")} --names {In("items.tsv")} --item {ShellText.Quoted(item)}");
        terminal.Out.WriteLine("   nextitem prepare   --input YOUR-CLICKS.csv --out prepared");
        terminal.Out.WriteLine("   nextitem train     --data prepared/train_full.parquet --out your.nextitem");
        if (Checkout.Built(AppContext.BaseDirectory))
            terminal.Out.WriteLine("where nextitem is: dotnet run -c Release --project src/NextItem.Cli --");
    }
}
