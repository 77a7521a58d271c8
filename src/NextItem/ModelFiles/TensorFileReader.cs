using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NextItem.ModelFiles;

/// <summary>
/// Reads the safetensors layout from a stranger: every length is checked against the file before anything is allocated for
/// it, nothing in the file is executed, and the checksum is checked before a tensor is read.
/// </summary>
internal sealed class TensorFileReader
{
    private const long LongestHeader = 100_000_000;

    private readonly Stream _stream;
    private readonly string _kind;
    private readonly Dictionary<string, TensorEntry> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly long _fileStart;
    private readonly long _dataStart;
    private readonly byte[] _header;
    private readonly bool _mappable;
    private string _prefix = "";

    /// <summary>Reads and checks the header.</summary>
    /// <param name="stream">Seekable, at the start of the file.</param>
    /// <param name="kind">What the file should be, for messages.</param>
    /// <param name="mappable">Whether <see cref="Map"/> may map the file, which is then a <see cref="FileStream"/>.</param>
    /// <exception cref="ModelFileException">It is not such a file.</exception>
    public TensorFileReader(Stream stream, string kind = "model file", bool mappable = false)
    {
        _mappable = mappable;
        if (!stream.CanSeek)
            throw new ArgumentException("The stream cannot seek; expected a file or another seekable stream, so that lengths can be checked first.", nameof(stream));
        (_stream, _kind) = (stream, kind);
        _fileStart = stream.Position;
        var length = stream.Length - _fileStart;
        if (length == 0)
            throw new ModelFileException($"Not a {_kind}: the file is empty (0 bytes).");
        if (length < sizeof(long))
            throw new ModelFileException($"Not a {_kind}: it has {length} bytes; expected at least {sizeof(long)}.");
        Span<byte> lengthBytes = stackalloc byte[sizeof(long)];
        ReadExactly(lengthBytes);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
        if (headerLength is < 2 or > LongestHeader)
            throw new ModelFileException($"Not a {_kind}: it does not begin with the length of a safetensors header.");
        if (headerLength > length - sizeof(long))
            throw new ModelFileException($"The {_kind} is truncated: its header has {headerLength:N0} bytes, but only {length - sizeof(long):N0} are there.");
        _header = new byte[headerLength];
        ReadExactly(_header);
        _dataStart = sizeof(long) + headerLength;
        ParseHeader();
        CheckPlaces(length - _dataStart);
    }

    /// <summary>Reads what <see cref="TensorFileWriter.Within"/> added with a prefix.</summary>
    public T Within<T>(string prefix, Func<TensorFileReader, T> read)
    {
        var outer = _prefix;
        _prefix += prefix;
        var part = read(this);
        _prefix = outer;
        return part;
    }

    /// <summary>A metadata entry.</summary>
    public string Metadata(string key) =>
        _metadata.TryGetValue(_prefix + key, out var value) ? value : throw new ModelFileException($"Not a NextItem {_kind}: its header has no '{_prefix}{key}'.");

    /// <summary>Checks SHA-256 of the whole file against the one in its header.</summary>
    public void CheckChecksum()
    {
        var expected = Metadata(TensorFileWriter.ChecksumKey);
        var place = _header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(expected));
        if (expected.Length != 64 || place < 0)
            throw new ModelFileException($"The {_kind}'s checksum is '{expected}'; expected 64 hexadecimal digits.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, _header.Length);
        hash.AppendData(length);
        var header = _header.AsSpan().ToArray();
        header.AsSpan(place, 64).Fill((byte)'0');
        hash.AppendData(header);
        _stream.Position = _fileStart + _dataStart;
        var buffer = new byte[Math.Clamp(_stream.Length - _stream.Position, 1, 1 << 20)];
        for (int count; (count = _stream.Read(buffer)) > 0;)
            hash.AppendData(buffer, 0, count);
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != expected)
            throw new ModelFileException($"The {_kind} is damaged: its checksum is {found[..12]}..., its header says {expected[..Math.Min(12, expected.Length)]}....");
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(_prefix + name);

    /// <summary>A tensor that must be there with this type and shape; -1 in the shape allows any length.</summary>
    public TensorEntry Expect(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        name = _prefix + name;
        if (!_tensors.TryGetValue(name, out var entry))
            throw new ModelFileException($"The {_kind} has no tensor '{name}'.");
        var fits = entry.Type == type && entry.Shape.Length == shape.Length;
        for (var i = 0; fits && i < shape.Length; i++)
            fits = shape[i] == -1 || shape[i] == entry.Shape[i];
        if (!fits)
        {
            throw new ModelFileException(
                $"Tensor '{name}' is {entry.Type} [{string.Join(" x ", entry.Shape)}]; expected {type} [{string.Join(" x ", shape.ToArray()).Replace("-1", "any")}].");
        }

        return entry;
    }

    /// <summary>Reads a whole tensor as an array.</summary>
    public T[] Read<T>(TensorEntry entry)
        where T : unmanaged
    {
        var count = (entry.End - entry.Start) / TensorEntry.SizeOf(entry.Type);
        if (count > Array.MaxLength)
            throw new ModelFileException($"Tensor '{entry.Name}' has {count:N0} elements; expected at most {Array.MaxLength:N0}.");
        var values = new T[count];
        _stream.Position = _fileStart + _dataStart + entry.Start;
        ReadPieces(values.AsSpan());
        return values;
    }

    /// <summary>Reads a tensor of floats row by row.</summary>
    public void ReadRows(TensorEntry entry, int rows, int columns, Action<int, ReadOnlyMemory<float>> use)
    {
        _stream.Position = _fileStart + _dataStart + entry.Start;
        var row = new float[columns];
        for (var r = 0; r < rows; r++)
        {
            ReadPieces(row.AsSpan());
            CheckRow(entry, r, row);
            use(r, row);
        }
    }

    /// <summary>Maps the file, to use tensors where they lie; null where it may not be. The caller disposes of it.</summary>
    public MappedFile? Map() => _mappable ? new MappedFile((FileStream)_stream) : null;

    /// <summary>Where a tensor of floats lies in a mapped file; null where that is no address for floats. Its numbers are checked as <see cref="ReadRows"/> does.</summary>
    public unsafe float* RowsIn(MappedFile mapped, TensorEntry entry, int rows, int columns)
    {
        var start = mapped.At(_fileStart + _dataStart + entry.Start);
        if ((nuint)start % sizeof(float) != 0)
            return null;
        for (var r = 0; r < rows; r++)
            CheckRow(entry, r, new ReadOnlySpan<float>((float*)start + ((long)r * columns), columns));
        return (float*)start;
    }

    private static void CheckRow(TensorEntry entry, int row, ReadOnlySpan<float> values)
    {
        if (values.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            return;
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                throw new ModelFileException($"Tensor '{entry.Name}' has {value} in row {row}; expected finite numbers.");
        }
    }

    /// <summary>In pieces: a span of bytes ends at 2^31.</summary>
    private void ReadPieces<T>(Span<T> values)
        where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, 1 << 20);
            ReadExactly(MemoryMarshal.AsBytes(values[..count]));
            values = values[count..];
        }
    }

    private void ReadExactly(Span<byte> bytes)
    {
        try
        {
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFileException($"The {_kind} became shorter while it was read.", e);
        }
    }

    private void ParseHeader()
    {
        try
        {
            using var json = JsonDocument.Parse(_header);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    ParseMetadata(property.Value);
                }
                else if (!_tensors.TryAdd(property.Name, ParseEntry(property)))
                {
                    throw new ModelFileException($"Tensor '{property.Name}' appears twice in the header.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelFileException($"Not a {_kind}: its header is not that of a safetensors file ({e.Message})", e);
        }
    }

    private void ParseMetadata(JsonElement metadata)
    {
        foreach (var entry in metadata.EnumerateObject())
        {
            // Twice would be two truths: one reader takes the first, another the last.
            if (!_metadata.TryAdd(entry.Name, entry.Value.GetString() ?? throw new JsonException($"'{entry.Name}' is null.")))
                throw new ModelFileException($"Metadata entry '{entry.Name}' appears twice in the header.");
        }
    }

    private static TensorEntry ParseEntry(JsonProperty property)
    {
        var typeName = property.Value.GetProperty("dtype").GetString();
        if (!Enum.TryParse<TensorType>(typeName, out var type) || type.ToString() != typeName) // TryParse takes "0" and " U8" too
            throw new ModelFileException($"Tensor '{property.Name}' has type '{typeName}'; expected one of {string.Join(", ", Enum.GetNames<TensorType>())}.");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        var bytes = TensorEntry.BytesOf(type, shape);
        if (offsets.Length != 2 || offsets[0] < 0 || bytes < 0 || bytes != offsets[1] - offsets[0])
            throw new ModelFileException($"Tensor '{property.Name}' {type} [{string.Join(" x ", shape)}] does not fit its place {string.Join("..", offsets)}.");
        return new TensorEntry(property.Name, type, shape, offsets[0], offsets[1]);
    }

    private void CheckPlaces(long dataLength)
    {
        long end = 0;
        foreach (var entry in _tensors.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != end)
                throw new ModelFileException($"Tensor '{entry.Name}' starts at byte {entry.Start}; expected {end}: tensors may neither overlap nor leave holes.");
            end = entry.End;
        }

        if (end > dataLength)
            throw new ModelFileException($"The {_kind} is truncated: its tensors have {end:N0} bytes, but only {dataLength:N0} are there.");
        if (end < dataLength)
            throw new ModelFileException($"The {_kind} has {dataLength - end:N0} bytes after its last tensor; expected none.");
    }
}
