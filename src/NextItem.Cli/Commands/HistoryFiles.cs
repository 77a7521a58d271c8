using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Reports;

namespace NextItem.Cli.Commands;

/// <summary>
/// <c>train --history</c>: what the epochs came to, as a table or a picture. Every file is written again after every epoch, so
/// that a long run can be watched and a stopped one leaves what it had.
/// </summary>
internal sealed class HistoryFiles(Terminal terminal, IReadOnlyList<FileInfo> files, string title)
{
    private const string TableEnding = ".csv";

    private static readonly string[] s_endings = [TableEnding, ".png", ".svg"];

    private readonly List<EpochSummary> _epochs = [];
    private bool _failed;

    public static Option<FileInfo[]> Option()
    {
        var option = new Option<FileInfo[]>("--history") { HelpName = "file", Description = "Also write loss and validation metrics of the epochs to this file, after each of them: a table (.csv) or a plot (.png, .svg); repeatable (gru4rec, prnn)" };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.Length > 0 && !s_endings.Contains(EndingOf(token.Value)))
                    result.AddError($"--history is '{token.Value}'; expected a file that ends in {string.Join(", ", s_endings[..^1])} or {s_endings[^1]}.");
            }
        });
        return option;
    }

    /// <summary>Fails before the work when a file could not be written or is another one of the command; warns of plots without text.</summary>
    public void RequireWritable(params ReadOnlySpan<FileInfo?> others)
    {
        for (var i = 0; i < files.Count; i++)
            Files.RequireWritable("--history", files[i], [.. others, .. files.Take(i)]);
        if (files.All(file => EndingOf(file.Name) == TableEnding))
            return;
        try
        {
            if (!TrainingHistory.CanDrawText())
                terminal.Errors.WriteLine("nextitem: warning: this machine has no fonts: the plots of --history will have no text. On Debian, for instance: apt-get install fonts-dejavu-core.");
        }
        catch (PlatformNotSupportedException e)
        {
            throw new RunException(e.Message, e);
        }
    }

    /// <summary>Takes the epochs of a run that is gone on with.</summary>
    public void Begin(IEnumerable<EpochSummary> epochs) => _epochs.AddRange(epochs);

    /// <summary>Trains, and writes the files after every epoch that is reported on the way.</summary>
    public TrainedModel Follow(IProgress<TrainingProgress> progress, Func<IProgress<TrainingProgress>, TrainedModel> train) => train(new Follower(this, progress));

    /// <summary>What is left for a run that ended before its time.</summary>
    public string Remains => files.Count > 0 && _epochs.Count > 0 && !_failed ? $" {Names} {(files.Count == 1 ? "has" : "have")} the epochs up to {_epochs[^1].Epoch}." : "";

    /// <summary>Writes the files of a training that came to its end.</summary>
    public void Finish()
    {
        if (_failed)
            Write(); // once more, and if it fails again, so does the command: the model is safe by now
        if (files.Count > 0)
            terminal.Out.WriteLine($"wrote {Names} ({Counted.Of(_epochs.Count, "epoch")})");
    }

    private string Names => string.Join(", ", files.Select(file => file.ToString()));

    private static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant();

    private void Add(EpochSummary epoch)
    {
        _epochs.Add(epoch);
        try
        {
            Write();
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full for a while is no reason to throw hours of training away.
            if (!_failed)
                terminal.Errors.WriteLine($"nextitem: warning: --history: {e.Message.TrimEnd('.')}. Training goes on.");
            _failed = true;
        }
    }

    private void Write()
    {
        foreach (var file in files)
        {
            AtomicFile.Write(file.FullName, stream =>
            {
                switch (EndingOf(file.Name))
                {
                    case TableEnding:
                        TrainingHistory.WriteCsv(stream, _epochs);
                        break;
                    case ".png":
                        TrainingHistory.WritePng(stream, _epochs, title);
                        break;
                    default:
                        TrainingHistory.WriteSvg(stream, _epochs, title);
                        break;
                }
            });
        }
    }

    private sealed class Follower(HistoryFiles history, IProgress<TrainingProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.FinishedEpoch is { } epoch)
                history.Add(epoch); // before it is told: who reads that an epoch is done finds it in the files
            progress.Report(value);
        }
    }
}
