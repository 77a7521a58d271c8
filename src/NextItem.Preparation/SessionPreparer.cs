using NextItem.Preparation.Contract;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Formats;
using NextItem.Preparation.Inputs;
using NextItem.Preparation.Output;
using NextItem.Preparation.Review;
using NextItem.Preparation.Steps;

namespace NextItem.Preparation;

/// <summary>
/// From a raw log to files for training, validation and test, at any size that fits on a disk. The steps are SQL, run by an embedded
/// DuckDB; <see cref="Sql"/> shows them. The same input gives the same bytes, whatever the order of its rows and the number of threads.
/// </summary>
public static class SessionPreparer
{
    private const int StepsExpected = 24;

    /// <summary>Names of the formats.</summary>
    public static IReadOnlyList<string> Formats => FormatNames.All;

    /// <summary>The published steps of a format.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static PreparationSteps StepsOf(string format) =>
        FormatNames.All.Contains(format) ? RawFormats.Of(format).Steps : throw new ArgumentException($"'{format}' is no format; expected one of {string.Join(", ", FormatNames.All)}.", nameof(format));

    /// <summary>
    /// Prepares, and writes <c>train_full</c>, <c>test</c>, <c>train_tr</c>, <c>train_valid</c> and <c>items</c> with a report
    /// (<c>prepare.json</c>, <c>prepare.html</c>) and the SQL that was run (<c>prepare.sql</c>) to the output folder.
    /// </summary>
    /// <param name="options">What and how.</param>
    /// <param name="progress">Is told of steps; from several threads.</param>
    /// <param name="cancellationToken">Stops it; files in the output folder stay as they were.</param>
    /// <exception cref="OptionsException"><paramref name="options"/> has faults.</exception>
    /// <exception cref="Data.EventsFileException">A file is at fault, or with <see cref="PreparationOptions.Strict"/> a row.</exception>
    /// <exception cref="PreparationException">A step left nothing, a database, the memory or the disk failed.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static PreparationReport Prepare(PreparationOptions options, IProgress<PreparationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (File.Exists(options.OutputFolder))
            throw new PreparationException($"--out {options.OutputFolder} is a file; expected a folder.");
        return UnreadableText.Retry(readsAllColumns => PrepareOnce(options, readsAllColumns, progress, cancellationToken));
    }

    private static PreparationReport PrepareOnce(PreparationOptions options, bool readsAllColumns, IProgress<PreparationProgress>? progress, CancellationToken cancellationToken)
    {
        var steps = options.Steps ?? StepsOf(options.Format);
        using var aside = new ScratchFolder(options.OutputFolder);
        using var temporary = new ScratchFolder(options.TemporaryFolder ?? options.OutputFolder);
        using var database = Database.Open(temporary.Path, options, cancellationToken);
        UnreadableText.Explain(database, readsAllColumns);
        var runner = new StepRunner(database, progress, StepsExpected);
        runner.Tell("input");
        var found = new InputReader(options, steps, database, cancellationToken) { RowsRead = runner.TellRows }.Read();
        var features = new CatalogColumns(options, database, cancellationToken);
        var items = features.Find(found);

        database.KeepOrder(false);
        foreach (var remark in found.Remarks)
            runner.Note(remark);
        var pipeline = new Pipeline(steps, found.IsByUser, runner);
        pipeline.Read(found.Mappings);
        var bad = new BadRowFinder(database, found.Mappings, pipeline.BadRow);
        bad.Find();
        if (options.Strict && bad.First.Count > 0)
            throw bad.First[0];
        pipeline.CountRead(bad.Told, found.NoRow);
        pipeline.BuildSessions(bad.Told);
        runner.Tell("review");
        List<string> warnings = [.. bad.Warnings, .. LogReview.Of(database, hasIds: !found.IsByUser, steps)];
        pipeline.Filter();
        var histograms = Distributions.Of(database, "events");
        database.KeepOrder(true);
        pipeline.Split();

        var output = new OutputFiles(options, database, runner, aside.Path);
        var files = output.Write(features, steps.Validation);
        cancellationToken.ThrowIfCancellationRequested();
        var report = new PreparationReport
        {
            Format = options.Format,
            Steps = steps,
            Inputs = [.. found.Inputs, .. items.Inputs],
            Understood = [$"Format {options.Format}: {RawFormats.Of(options.Format).Title}.", .. found.Understood, .. pipeline.Understood, .. items.Understood],
            BadRowCount = bad.Count,
            BadRows = [.. bad.First.Select(row => row.Message)],
            Counts = runner.Counts,
            Files = files,
            Warnings = warnings,
            Histograms = histograms,
        };
        output.Publish(report, runner.Script);
        return report;
    }

    /// <summary>The SQL of all steps, as <see cref="Prepare"/> would run it, without running it. Looks at the beginning of the input.</summary>
    /// <param name="options">What and how; nothing is written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static string Sql(PreparationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return UnreadableText.Retry(readsAllColumns => SqlOnce(options, readsAllColumns, cancellationToken));
    }

    private static string SqlOnce(PreparationOptions options, bool readsAllColumns, CancellationToken cancellationToken)
    {
        var steps = options.Steps ?? StepsOf(options.Format);
        using var database = Database.Open(null, options, cancellationToken);
        UnreadableText.Explain(database, readsAllColumns);
        var found = new InputReader(options, steps, database, cancellationToken).Read();
        var features = new CatalogColumns(options, database, cancellationToken);
        features.Find(found);
        var runner = new StepRunner(null, null, StepsExpected);
        foreach (var remark in found.Remarks)
            runner.Note(remark);
        var pipeline = new Pipeline(steps, found.IsByUser, runner);
        pipeline.Read(found.Mappings);
        pipeline.CountRead();
        pipeline.BuildSessions();
        pipeline.Filter();
        pipeline.Split();
        new OutputFiles(options, database, runner, options.OutputFolder).WriteScript(features, steps.Validation);
        return runner.Script;
    }
}
