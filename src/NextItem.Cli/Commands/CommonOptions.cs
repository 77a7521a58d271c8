using System.CommandLine;
using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>Options that several commands share, said once.</summary>
internal static class CommonOptions
{
    /// <summary>The columns of an event file.</summary>
    public sealed class Columns
    {
        private readonly Option<string> _session = new("--session-column") { Description = "Column of the session id", DefaultValueFactory = _ => new EventColumns().Session };
        private readonly Option<string> _item = new("--item-column") { Description = "Column of the item id", DefaultValueFactory = _ => new EventColumns().Item };
        private readonly Option<string> _time = new("--time-column") { Description = "Column of the time: a number or an ISO 8601 date", DefaultValueFactory = _ => new EventColumns().Time };

        /// <summary>Adds the options to a command.</summary>
        public void AddTo(Command command)
        {
            command.Add(_session);
            command.Add(_item);
            command.Add(_time);
        }

        /// <summary>The columns as given.</summary>
        public EventColumns Of(ParseResult parse) => new()
        {
            Session = parse.GetValue(_session)!,
            Item = parse.GetValue(_item)!,
            Time = parse.GetValue(_time)!,
        };
    }

    public static Option<FileInfo> Model() => new("--model", "-m") { Description = "Model file, as 'train' writes it", Required = true };

    public static Option<FileInfo?> Json() => new("--json") { Description = "Also write the numbers to this file as JSON" };

    public static Option<FileInfo?> Names() => new("--names") { Description = "File with columns ItemId and Name, to show names beside keys" };

    public static Option<string> Threads() => new("--threads")
    {
        Description = "Number of threads, or 'auto' for the processor's",
        DefaultValueFactory = _ => "auto",
    };

    public static Option<int> Top(int count) => new("--top", "-k") { Description = "How many items, K", DefaultValueFactory = _ => count };

    /// <summary>The number of threads that an option's text means.</summary>
    public static int ThreadCount(string text)
    {
        if (text == "auto")
            return Environment.ProcessorCount;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads is >= 1 and <= 1024)
            return threads;
        throw new UsageException($"--threads is '{text}'; expected a number from 1 to 1024, or auto.");
    }

    /// <summary>The K of --top.</summary>
    public static int TopCount(int count) =>
        count >= 1 ? count : throw new UsageException($"--top is {count}; expected at least 1.");

    /// <summary>Appends examples to a command's help.</summary>
    public static void SetExamples(Command command, params string[] examples) =>
        command.Description += "\n\nExample" + (examples.Length > 1 ? "s" : "") + ":\n" + string.Join('\n', examples.Select(example => "  nextitem " + example));
}
