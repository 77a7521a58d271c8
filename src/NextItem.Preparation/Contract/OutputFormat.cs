namespace NextItem.Preparation;

/// <summary>How prepared files are written.</summary>
public enum OutputFormat
{
    /// <summary>Parquet, compressed with zstd.</summary>
    Parquet,

    /// <summary>Tab-separated text with a header.</summary>
    Tsv,
}
