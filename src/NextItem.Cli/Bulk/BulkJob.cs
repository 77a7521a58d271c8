using System.Diagnostics;
using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Data.Streaming;

namespace NextItem.Cli.Bulk;

/// <summary><c>recommend --data</c>: the sessions of a file in, the next items of each out, in constant memory.</summary>
internal sealed record BulkJob
{
    /// <summary>Where messages go.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>Gives the answers.</summary>
    public required BulkAnswers Answers { get; init; }

    /// <summary>How many items are wanted for each session, for the message at the end.</summary>
    public required int Count { get; init; }

    /// <summary>Whether each item is explained.</summary>
    public required bool Explain { get; init; }

    /// <summary>The file of sessions.</summary>
    public required FileInfo Data { get; init; }

    /// <summary>Its columns.</summary>
    public required EventColumns Columns { get; init; }

    /// <summary>The part of its sessions that is wanted.</summary>
    public required SessionShard Shard { get; init; }

    /// <summary>Where rows go; null for the screen, unless there is <see cref="Json"/>.</summary>
    public FileInfo? Output { get; init; }

    /// <summary>Where JSON goes, or null.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>Reads, answers and writes.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var source = SessionSource.Open(Data.ToString(), Columns, Shard, cancellationToken);
        if (!source.IsStreamed)
            Terminal.Errors.WriteLine($"nextitem: {WhyInMemory(source)}");
        var reporter = new BulkReporter(Terminal, TimeProvider.System);
        var (events, unknown) = (0L, 0L);
        AnswerWriter.ToJson(Json, json =>
        {
            if (Output is not null)
                reporter.Run(() => AnswerWriter.ToFile(Output, Explain, rows => WriteAll([rows, json], reporter.Report)));
            else if (json is null)
                WriteAll([new RowAnswers(Terminal.Out, '\t', Explain), null], null);
            else
                reporter.Run(() => WriteAll([json, null], reporter.Report));
        });
        if (Output is not null)
            Terminal.Out.WriteLine($"wrote the next {Counted.Of(Count, "item")} of {Counted.Of(reporter.Sessions, "session")} to {Output} ({reporter.Rate:N0} sessions/s, at most {PeakMemory()} of memory)");
        if (unknown > 0)
            Terminal.Errors.WriteLine($"nextitem: {unknown:N0} of {events:N0} events have items that the model does not know; they were skipped.");

        void WriteAll(AnswerWriter?[] writers, Action<int, double>? report)
        {
            var sessions = source.Sessions(cancellationToken).Select(session =>
            {
                events += session.ItemKeys.Length;
                return session;
            });
            foreach (var block in Answers.To(sessions, cancellationToken))
            {
                foreach (var answer in block)
                {
                    unknown += answer.List.UnknownItems.Count;
                    foreach (var writer in writers)
                        writer?.Write(answer);
                }

                report?.Invoke(block.Length, (double)source.RowsDone / source.Rows);
            }
        }
    }

    private string WhyInMemory(SessionSource source) => source.Grouping switch
    {
        null => $"{Data} can be read only once, so all of it was read into memory; a file whose sessions stand together is streamed.",
        { Key: { } key } repeat => $"{Data}, row {repeat.ComesBackAt:N0}: session '{key}' comes back after others, so all {source.Rows:N0} events were read into memory. Sorted by session, the file is streamed in constant memory.",
        _ => $"{Data} has too many sessions to tell whether each stands together, so all {source.Rows:N0} events were read into memory. Sorted by session, the file is streamed in constant memory.",
    };

    private static string PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return Sizes.Bytes(process.PeakWorkingSet64);
    }
}
