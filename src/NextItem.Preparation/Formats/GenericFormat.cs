using NextItem.Preparation.Contract;

namespace NextItem.Preparation.Formats;

/// <summary>Any log: columns by option, or guessed by their names.</summary>
internal static class GenericFormat
{
    public static readonly RawFormat Format = new()
    {
        Name = FormatNames.Events,
        Title = "any log with a row an event",
        EventFiles = ["*.csv", "*.tsv", "*.txt", "*.dat", "*.json", "*.jsonl", "*.ndjson", "*.parquet"],
        Session = RawFormats.SessionNames,
        User = RawFormats.UserNames,
        Item = RawFormats.ItemNames,
        Time = RawFormats.TimeNames,
        EventType = RawFormats.TypeNames,
    };
}
