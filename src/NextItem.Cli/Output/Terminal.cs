using Spectre.Console;

namespace NextItem.Cli.Output;

/// <summary>Where a command writes: results, progress and tables; plain text when the output is a pipe or a file.</summary>
internal sealed class Terminal
{
    /// <summary>Wraps the two streams.</summary>
    public Terminal(TextWriter output, TextWriter errors)
    {
        Out = output;
        Errors = errors;
        IsInteractive = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsInteractive)
            Ansi.Profile.Width = 160; // a pipe has no width: do not break lines of tables
    }

    /// <summary>Results.</summary>
    public TextWriter Out { get; }

    /// <summary>Failures and warnings.</summary>
    public TextWriter Errors { get; }

    /// <summary>Whether a person looks at it.</summary>
    public bool IsInteractive { get; }

    /// <summary>Tables and progress bars.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>A table with left-aligned first column and right-aligned others; user text is taken literally.</summary>
    public void WriteTable(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, int leftColumns = 1, bool lastWraps = false)
    {
        var table = new Table { Border = IsInteractive ? TableBorder.Rounded : TableBorder.Simple };
        for (var i = 0; i < header.Count; i++)
            table.AddColumn(new TableColumn(Markup.Escape(header[i])) { Alignment = i < leftColumns ? Justify.Left : Justify.Right, NoWrap = !lastWraps || i < header.Count - 1 });
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        Ansi.Write(table);
    }
}
