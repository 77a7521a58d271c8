using static NextItem.Data.Reading.ThriftType;

namespace NextItem.Data.Reading;

/// <summary>The structures of a Parquet file, after parquet.thrift of the format's version 2.11; what is not here is passed over by its own type.</summary>
internal static class ParquetShapes
{
    private static readonly ThriftShape s_empty = new("Empty");

    private static readonly ThriftShape s_statistics = new("Statistics", Of(1, Binary), Of(2, Binary), Of(3, I64), Of(4, I64), Of(5, Binary), Of(6, Binary), Of(7, True), Of(8, True));

    private static readonly ThriftShape s_keyValue = new("KeyValue", Of(1, Binary), Of(2, Binary));

    private static readonly ThriftShape s_timeUnit = new("TimeUnit", Of(1, s_empty), Of(2, s_empty), Of(3, s_empty));

    private static readonly ThriftShape s_time = new("TimeType", Of(1, True), Of(2, s_timeUnit));

    private static readonly ThriftShape s_logicalType = new(
        "LogicalType",
        Of(1, s_empty), Of(2, s_empty), Of(3, s_empty), Of(4, s_empty), Of(5, new ThriftShape("DecimalType", Of(1, I32), Of(2, I32))), Of(6, s_empty), Of(7, s_time), Of(8, s_time),
        Of(10, new ThriftShape("IntType", Of(1, I8), Of(2, True))), Of(11, s_empty), Of(12, s_empty), Of(13, s_empty), Of(14, s_empty), Of(15, s_empty));

    private static readonly ThriftShape s_schemaElement = new(
        "SchemaElement", Of(1, I32), Of(2, I32), Of(3, I32), Of(4, Binary), Of(5, I32), Of(6, I32), Of(7, I32), Of(8, I32), Of(9, I32), Of(10, s_logicalType));

    private static readonly ThriftShape s_sizes = new("SizeStatistics", Of(1, I64), Of(2, List, I64), Of(3, List, I64));

    private static readonly ThriftShape s_sortingColumn = new("SortingColumn", Of(1, I32), Of(2, True), Of(3, True));

    private static readonly ThriftShape s_encodingStats = new("PageEncodingStats", Of(1, I32), Of(2, I32), Of(3, I32));

    /// <summary>Of a column within a row group.</summary>
    public static ThriftShape ColumnMetaData { get; } = new(
        "ColumnMetaData",
        Of(1, I32), Of(2, List, I32), Of(3, List, Binary), Of(4, I32), Of(5, I64), Of(6, I64), Of(7, I64), Lists(8, s_keyValue), Of(9, I64), Of(10, I64), Of(11, I64), Of(12, s_statistics),
        Lists(13, s_encodingStats), Of(14, I64), Of(15, I32), Of(16, s_sizes));

    /// <summary>Where a column lies.</summary>
    public static ThriftShape ColumnChunk { get; } = new("ColumnChunk", Of(1, Binary), Of(2, I64), Of(3, ColumnMetaData), Of(4, I64), Of(5, I32), Of(6, I64), Of(7, I32), Of(9, Binary));

    /// <summary>A row group.</summary>
    public static ThriftShape RowGroup { get; } = new("RowGroup", Lists(1, ColumnChunk), Of(2, I64), Of(3, I64), Lists(4, s_sortingColumn), Of(5, I64), Of(6, I64), Of(7, I16));

    /// <summary>The footer.</summary>
    public static ThriftShape FileMetaData { get; } = new(
        "FileMetaData", Of(1, I32), Lists(2, s_schemaElement), Of(3, I64), Lists(4, RowGroup), Lists(5, s_keyValue), Of(6, Binary), Lists(7, new ThriftShape("ColumnOrder", Of(1, s_empty))), Of(9, Binary));

    /// <summary>Of a page of values.</summary>
    public static ThriftShape DataPage { get; } = new("DataPageHeader", Of(1, I32), Of(2, I32), Of(3, I32), Of(4, I32), Of(5, s_statistics));

    /// <summary>Of a page of distinct values.</summary>
    public static ThriftShape DictionaryPage { get; } = new("DictionaryPageHeader", Of(1, I32), Of(2, I32), Of(3, True));

    /// <summary>Of a page of values, the newer kind.</summary>
    public static ThriftShape DataPageV2 { get; } = new("DataPageHeaderV2", Of(1, I32), Of(2, I32), Of(3, I32), Of(4, I32), Of(5, I32), Of(6, I32), Of(7, True), Of(8, s_statistics));

    /// <summary>Before each page.</summary>
    public static ThriftShape PageHeader { get; } = new(
        "PageHeader", Of(1, I32), Of(2, I32), Of(3, I32), Of(4, I32), Of(5, DataPage), Of(6, s_empty), Of(7, DictionaryPage), Of(8, DataPageV2));

    private static (int, ThriftType, ThriftShape?, ThriftType?) Of(int id, ThriftType type, ThriftType? element = null) => (id, type, null, element);

    private static (int, ThriftType, ThriftShape?, ThriftType?) Of(int id, ThriftShape shape) => (id, Struct, shape, null);

    private static (int, ThriftType, ThriftShape?, ThriftType?) Lists(int id, ThriftShape shape) => (id, List, shape, Struct);
}
