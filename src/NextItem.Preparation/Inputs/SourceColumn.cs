namespace NextItem.Preparation.Inputs;

/// <summary>A column of something to read.</summary>
/// <param name="Name">Its name, as it stands there.</param>
/// <param name="Type">Its type, in DuckDB's words.</param>
internal sealed record SourceColumn(string Name, string Type)
{
    /// <summary>Whether it is a field of JSON that holds objects or lists, whose text would be a poor key.</summary>
    public bool IsNested { get; init; }

    /// <summary>A number that is no text.</summary>
    public bool IsNumber => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "FLOAT" or "DOUBLE"
        || Type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>A date or a moment.</summary>
    public bool IsMoment => Type is "DATE" || Type.StartsWith("TIMESTAMP", StringComparison.Ordinal);

    /// <summary>Its name without marks, case and a type after a colon: <c>session_id:token</c> and <c>SessionId</c> are one name to a person.</summary>
    public string PlainName => Plain(Name);

    /// <summary>A name without marks, case and a type after a colon.</summary>
    public static string Plain(string name) => string.Concat(name.Split(':')[0].Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>What is shown of the name: without a type after a colon.</summary>
    public string ShownName => Name.Split(':')[0];
}
