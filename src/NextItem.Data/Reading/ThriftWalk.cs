namespace NextItem.Data.Reading;

/// <summary>
/// Walks a structure of Thrift's compact protocol, as Parquet's footer and page headers are, and hands out its numbers and texts. Every
/// field that is known must be of its type, nothing may reach beyond the end, and every step consumes bytes: a walk always ends.
/// </summary>
/// <remarks>The decoder proper believes sizes and types: made-up ones keep it in loops without end or have it allocate gigabytes.</remarks>
internal sealed class ThriftWalk(ReadOnlyMemory<byte> bytes)
{
    private const int Deepest = 32;
    private int _at;

    /// <summary>Bytes walked so far.</summary>
    public int Consumed => _at;

    /// <summary>Walks a structure.</summary>
    /// <param name="shape">Its fields.</param>
    /// <param name="visit">Told of every known structure as it begins, as field 0, and of the values of known fields: their numbers and texts, a list's one by one.</param>
    /// <exception cref="InvalidDataException">The bytes are no such structure.</exception>
    public void Struct(ThriftShape shape, Action<ThriftShape, int, long, ReadOnlyMemory<byte>> visit) => Struct(shape, visit, 0);

    private void Struct(ThriftShape? shape, Action<ThriftShape, int, long, ReadOnlyMemory<byte>> visit, int depth)
    {
        if (depth > Deepest)
            throw new InvalidDataException($"Structures stand more than {Deepest} deep within each other.");
        if (shape is not null)
            visit(shape, 0, 0, default);
        var seen = 0L;
        for (var field = 0; ;)
        {
            var header = Byte();
            if (header == 0)
                return;
            field = header >> 4 is var step and > 0 ? field + step : (int)Signed();
            var type = (ThriftType)(header & 0x0F);
            var known = shape?.Field(field);
            if (known is { } expected && !(expected.Type == type || (expected.Type == ThriftType.True && type == ThriftType.False)))
                throw new InvalidDataException($"Field {field} of a {shape!.Name} is of type {type}; expected {expected.Type}.");
            if (known is not null && (seen & (1L << field)) != 0)
                throw new InvalidDataException($"Field {field} of a {shape!.Name} stands there twice.");
            seen |= known is null ? 0 : 1L << field;
            Value(type, known?.Shape, known?.Element, (number, text) =>
            {
                if (known is not null)
                    visit(shape!, field, number, text);
            }, visit, depth);
        }
    }

    private void Value(
        ThriftType type, ThriftShape? shape, ThriftType? element, Action<long, ReadOnlyMemory<byte>> tell, Action<ThriftShape, int, long, ReadOnlyMemory<byte>> visit, int depth)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                tell(type == ThriftType.True ? 1 : 0, default);
                break;
            case ThriftType.I8:
                tell((sbyte)Byte(), default);
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                var number = Signed();
                if ((type == ThriftType.I32 && number != (int)number) || (type == ThriftType.I16 && number != (short)number))
                    throw new InvalidDataException($"{number} stands where a number of type {type} should.");
                tell(number, default);
                break;
            case ThriftType.Double:
                Take(sizeof(double));
                break;
            case ThriftType.Binary:
                var text = Take(Unsigned());
                tell(text.Length, text);
                break;
            case ThriftType.List or ThriftType.Set:
                List(shape, element, tell, visit, depth);
                break;
            case ThriftType.Struct:
                Struct(shape, visit, depth + 1);
                break;
            default: // maps among them, which Parquet has none of
                throw new InvalidDataException($"There is no type {(int)type} in Parquet's structures.");
        }
    }

    private void List(ThriftShape? shape, ThriftType? element, Action<long, ReadOnlyMemory<byte>> tell, Action<ThriftShape, int, long, ReadOnlyMemory<byte>> visit, int depth)
    {
        if (depth > Deepest)
            throw new InvalidDataException($"Lists stand more than {Deepest} deep within each other.");
        var header = Byte();
        var type = (ThriftType)(header & 0x0F);
        var count = header >> 4 is var few and < 15 ? (ulong)few : Unsigned();
        if (count > (ulong)(bytes.Length - _at))
            throw new InvalidDataException($"A list has {count:N0} entries, but only {bytes.Length - _at:N0} bytes follow.");
        if (count > 0 && element is { } expected && type != expected)
            throw new InvalidDataException($"The entries of a list are of type {type}; expected {expected}.");
        for (var i = 0UL; i < count; i++)
        {
            if (type is ThriftType.True or ThriftType.False)
                Byte(); // in lists, each takes one
            else
                Value(type, shape, null, tell, visit, depth + 1);
        }
    }

    private byte Byte() => Take(1).Span[0];

    private long Signed() => Unsigned() is var zigzag ? (long)(zigzag >> 1) ^ -(long)(zigzag & 1) : 0;

    private ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("A number has more than ten bytes.");
    }

    private ReadOnlyMemory<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - _at))
            throw new InvalidDataException($"A structure of Parquet reaches {count - (ulong)(bytes.Length - _at):N0} bytes beyond its end.");
        _at += (int)count;
        return bytes.Slice(_at - (int)count, (int)count);
    }
}

/// <summary>Types of the compact protocol.</summary>
internal enum ThriftType
{
    True = 1,
    False = 2,
    I8 = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Struct = 12,
}

/// <summary>A structure's fields, as far as they are known.</summary>
internal sealed class ThriftShape(string name, params (int Id, ThriftType Type, ThriftShape? Shape, ThriftType? Element)[] fields)
{
    private readonly Dictionary<int, (ThriftType Type, ThriftShape? Shape, ThriftType? Element)> _fields =
        fields.ToDictionary(field => field.Id, field => (field.Type, field.Shape, field.Element));

    public string Name => name;

    public (ThriftType Type, ThriftShape? Shape, ThriftType? Element)? Field(int id) => _fields.TryGetValue(id, out var field) ? field : null;
}
