namespace NextItem.Preparation.Inputs;

/// <summary>What a raw file is, by its content.</summary>
internal enum RawFileKind
{
    Text,
    JsonLines,
    Parquet,
    DuckDb,
    Sqlite,
}
