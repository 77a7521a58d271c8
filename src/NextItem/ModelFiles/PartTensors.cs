using NextItem.Features;

namespace NextItem.ModelFiles;

/// <summary>The encoder of some feature columns: its vocabulary as tensors, the rest as an entry of the metadata.</summary>
internal static class PartTensors
{
    /// <summary>Text: the longest term there can be; reading more words a term would take a stranger's time for ours.</summary>
    private const int MostWords = 5;

    public static FeaturePartEntry EntryOf(PartEncoder part)
    {
        var entry = new FeaturePartEntry(part.Kind, [.. part.Columns]);
        return part switch
        {
            TextEncoder text => entry with { LongestTerm = text.LongestTerm, Documents = text.Documents },
            CategoryEncoder category => entry with { Separator = category.Separator?.ToString() },
            NumberEncoder number => entry with { Mean = number.Mean, Deviation = number.Deviation },
            VectorEncoder vector => entry with { Length = vector.Width, Normalise = vector.Normalise },
            _ => throw new ArgumentException($"A part of type {part.GetType().Name} cannot be saved.", nameof(part)),
        };
    }

    public static void Add(TensorFileWriter file, string prefix, PartEncoder part)
    {
        if (part is TextEncoder text)
        {
            KeyTensors.Add(file, $"{prefix}.terms", $"{prefix}.term_offsets", text.Terms);
            file.Add<int>($"{prefix}.document_counts", TensorType.I32, text.DocumentCounts);
        }
        else if (part is CategoryEncoder category)
        {
            KeyTensors.Add(file, $"{prefix}.categories", $"{prefix}.category_offsets", category.Values);
        }
    }

    /// <summary>Reads and checks an encoder.</summary>
    /// <exception cref="ModelFileException">It cannot be what was written.</exception>
    public static PartEncoder Read(TensorFileReader file, string prefix, FeaturePartEntry? entry)
    {
        var columns = entry?.Columns ?? [];
        if (columns is [] || columns.Any(string.IsNullOrEmpty) || (entry!.Kind != FeatureKind.Text && columns.Length > 1))
            throw new ModelFileException($"Part '{prefix}' has the columns [{string.Join(", ", columns)}]; expected {(entry?.Kind == FeatureKind.Text ? "names" : "one name")}.");
        return entry.Kind switch
        {
            FeatureKind.Text => ReadText(file, prefix, entry),
            FeatureKind.Category => new CategoryEncoder(columns[0], SeparatorOf(prefix, entry), KeyTensors.Read(file, $"{prefix}.categories", $"{prefix}.category_offsets", "category")),
            FeatureKind.Number => ReadNumber(prefix, entry),
            FeatureKind.Vector when entry is { Length: >= 1, Normalise: not null } => new VectorEncoder(columns[0], entry.Length.Value, entry.Normalise.Value),
            FeatureKind.Vector => throw new ModelFileException($"Part '{prefix}' has length {entry.Length} and normalise {entry.Normalise}; expected both, and a length of at least 1."),
            _ => throw new ModelFileException($"Part '{prefix}' has kind {entry.Kind}; expected one of {string.Join(", ", Enum.GetNames<FeatureKind>())}."),
        };
    }

    private static TextEncoder ReadText(TensorFileReader file, string prefix, FeaturePartEntry entry)
    {
        if (entry is not { LongestTerm: >= 1 and <= MostWords, Documents: >= 0 and < int.MaxValue })
            throw new ModelFileException($"Part '{prefix}' has longestTerm {entry.LongestTerm} and documents {entry.Documents}; expected 1 to {MostWords}, and a count.");
        var terms = KeyTensors.Read(file, $"{prefix}.terms", $"{prefix}.term_offsets", "term");
        var counts = file.Read<int>(file.Expect($"{prefix}.document_counts", TensorType.I32, terms.Count));
        return Array.FindIndex(counts, count => count < 1 || count > entry.Documents) is >= 0 and var wrong
            ? throw new ModelFileException($"Tensor '{prefix}.document_counts' has {counts[wrong]}; expected 1 to {entry.Documents}, the number of items with a text.")
            : new TextEncoder([.. entry.Columns], entry.LongestTerm.Value, terms, counts, entry.Documents.Value);
    }

    private static NumberEncoder ReadNumber(string prefix, FeaturePartEntry entry) =>
        entry is { Mean: { } mean, Deviation: { } deviation } && double.IsFinite(mean) && double.IsFinite(deviation) && deviation >= 0
            ? new NumberEncoder(entry.Columns[0], mean, deviation)
            : throw new ModelFileException($"Part '{prefix}' has mean {entry.Mean} and deviation {entry.Deviation}; expected finite numbers, the deviation at least 0.");

    private static char? SeparatorOf(string prefix, FeaturePartEntry entry) => entry.Separator switch
    {
        null => null,
        [var separator] => separator,
        var other => throw new ModelFileException($"Part '{prefix}' has the separator '{other}'; expected one character or none."),
    };
}
