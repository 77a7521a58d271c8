namespace NextItem.Preparation;

/// <summary>What a preparation did: counts of every step, files with their fingerprints, warnings, distributions.</summary>
public sealed record PreparationReport
{
    /// <summary>The format.</summary>
    public required string Format { get; init; }

    /// <summary>The steps' options as they were used.</summary>
    public required PreparationSteps Steps { get; init; }

    /// <summary>The files that were read, with their sizes; a database without its password.</summary>
    public required IReadOnlyList<PreparedInput> Inputs { get; init; }

    /// <summary>How the input was understood, a sentence each; guesses are called so.</summary>
    public required IReadOnlyList<string> Understood { get; init; }

    /// <summary>Rows that could not be used.</summary>
    public required long BadRowCount { get; init; }

    /// <summary>The first of them, with file, row, found and expected.</summary>
    public required IReadOnlyList<string> BadRows { get; init; }

    /// <summary>What was there after each step, in their order; the first is what was read.</summary>
    public required IReadOnlyList<StepCount> Counts { get; init; }

    /// <summary>The files that were written.</summary>
    public required IReadOnlyList<PreparedFile> Files { get; init; }

    /// <summary>What a reviewer would ask about.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Distributions of the filtered events, before the split.</summary>
    public required IReadOnlyList<Histogram> Histograms { get; init; }

    /// <summary>Writes everything as JSON, as in <c>prepare.json</c>.</summary>
    /// <param name="stream">Gets it.</param>
    public void WriteJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Contract.PreparationJson.Write(stream, this);
    }
}
