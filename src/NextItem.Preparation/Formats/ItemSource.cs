namespace NextItem.Preparation.Formats;

/// <summary>Files of a format that tell of items.</summary>
/// <param name="Files">Their names, with * for any part; a further ending .gz or .zst may follow.</param>
/// <param name="Key">Names that the column of the item may have.</param>
internal sealed record ItemSource(IReadOnlyList<string> Files, IReadOnlyList<string> Key)
{
    /// <summary>Columns that are taken where they are there; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>DuckDB's word for the files' encoding.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Names of the columns of files without a header, by the first line's fields; null where there is one.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>?> Headerless { get; init; } = _ => null;

    /// <summary>Makes one row an item of all rows of the files; null where they are that already.</summary>
    public Func<string, string>? Gather { get; init; }
}
