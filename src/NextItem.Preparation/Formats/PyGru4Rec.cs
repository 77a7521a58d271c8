namespace NextItem.Preparation.Formats;

/// <summary>pyGRU4REC's data/train.tsv and data/test.tsv: session, item, time, without a header.</summary>
internal static class PyGru4Rec
{
    public static readonly RawFormat Format = new()
    {
        Name = "pygru4rec",
        Title = "pyGRU4REC's files: session, item, time without a header",
        EventFiles = ["*.tsv"],
        Headerless = _ => ["session", "item", "time"],
        Session = ["session"],
        Item = ["item"],
        Time = ["time"],
    };
}
