using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NextItem.Data.Features;
using NextItem.Data.Reading;

namespace NextItem.Interchange.Arrays;

/// <summary>One array of an archive: its header is read, its values wait until somebody has found the shape right.</summary>
internal sealed class NpyArray : IDisposable
{
    private const int MostDimensions = 8;

    private readonly CheckedStream _stream;
    private readonly uint _checksum;
    private readonly Func<string, string, string?, Exception> _fault;
    private readonly NpyHeader _header;
    private readonly long _count;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">At the start of the array; closed with it.</param>
    /// <param name="length">Bytes that the archive says it has.</param>
    /// <param name="checksum">CRC-32 of these bytes that the archive says they have; checked when they have been read.</param>
    /// <param name="fault">Makes the exception of what was found, expected and advised.</param>
    public NpyArray(Stream stream, long length, uint checksum, Func<string, string, string?, Exception> fault)
    {
        (_stream, _checksum, _fault) = (new CheckedStream(stream), checksum, fault);
        try
        {
            _header = NpyHeader.Read(_stream, fault);
            Shape = ShapeOf(_header.Shape);
            if (_header.Type is ['|', 'O', ..])
                throw fault("it holds objects of Python, which cannot be read without running what stands in it", "numbers or text", "Save it with astype(str).");
            Int128 count = 1;
            foreach (var size in Shape)
                count *= size;
            var expected = _stream.Count + (count * ElementBytes);
            if (expected != length)
                throw fault($"its shape {Text(Shape)} of type {Shown.Value(_header.Type)} makes {expected:N0} bytes", $"{length:N0}, which the archive says it has", null);
            _count = (long)count;
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Length of each dimension.</summary>
    public long[] Shape { get; }

    private int ElementBytes => _header.Type switch
    {
        "<f4" or "<i4" => 4,
        "<f8" or "<i8" => 8,
        ['<', 'U', .. var length] when int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var characters) && characters is > 0 and <= 1 << 16 => 4 * characters,
        _ => throw _fault($"it is of type {Shown.Value(_header.Type)}", "'<f4' or '<f8' for weights, '<i4', '<i8' or '<U...' for items", null),
    };

    /// <summary>A shape as Python shows it.</summary>
    public static string Text(ReadOnlySpan<long> shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";

    /// <summary>All values, row after row.</summary>
    public float[] ReadFloats()
    {
        if (_header.Type is not ("<f4" or "<f8"))
            throw _fault($"it is of type {Shown.Value(_header.Type)}", "'<f4' or '<f8', little-endian floats", null);
        var values = new float[_count];
        var bytes = new byte[ElementBytes];
        using var buffered = new BufferedStream(_stream, 1 << 16);
        for (var i = 0L; i < _count; i++)
        {
            Fill(buffered, bytes);
            var value = bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            if (!float.IsFinite((float)value))
                throw _fault(string.Create(CultureInfo.InvariantCulture, $"value {i:N0}, counted from 0, is {value}"), "finite numbers that a 32-bit float can hold", null);
            values[PlaceOf(i)] = (float)value;
        }

        RequireEnd(buffered);
        return values;
    }

    /// <summary>Text, or whole numbers as text.</summary>
    public string[] ReadTexts()
    {
        if (_header.Type is "<f4" or "<f8")
            throw _fault($"it is of type {Shown.Value(_header.Type)}", "text ('<U...') or whole numbers ('<i8')", "Save it with astype(str).");
        var values = new string[_count];
        var bytes = new byte[ElementBytes];
        using var buffered = new BufferedStream(_stream, 1 << 16);
        for (var i = 0L; i < _count; i++)
        {
            Fill(buffered, bytes);
            values[i] = _header.Type switch
            {
                "<i4" => BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
                "<i8" => BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
                _ => TextOf(bytes, i),
            };
        }

        RequireEnd(buffered);
        return values;
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Where the i-th value of the file stands row after row.</summary>
    private long PlaceOf(long i)
    {
        if (!_header.IsFortranOrder || Shape.Length < 2)
            return i;
        long place = 0;
        var stride = _count;
        foreach (var size in Shape)
        {
            stride /= size;
            place += i % size * stride;
            i /= size;
        }

        return place;
    }

    /// <summary>UTF-32, filled with zeros.</summary>
    private string TextOf(ReadOnlySpan<byte> bytes, long i)
    {
        var text = new StringBuilder();
        var points = MemoryMarshal.Cast<byte, uint>(bytes).TrimEnd(0u);
        foreach (var each in points)
        {
            var point = BitConverter.IsLittleEndian ? each : BinaryPrimitives.ReverseEndianness(each);
            if (!Rune.IsValid(point))
                throw _fault($"text {i:N0}, counted from 0, has the character {point:X8}", "Unicode", null);
            text.Append(new Rune(point).ToString());
        }

        return text.ToString();
    }

    private void Fill(Stream stream, byte[] bytes)
    {
        try
        {
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
                return;
        }
        catch (InvalidDataException e)
        {
            throw _fault($"its bytes are damaged ({e.Message.TrimEnd('.')})", "an .npz file, whole", "Copy or write it again.");
        }

        throw _fault("it is cut short", $"{_count:N0} values", "Copy or write it again.");
    }

    private void RequireEnd(Stream stream)
    {
        if (stream.ReadByte() >= 0)
            throw _fault($"it goes on after its {_count:N0} values", "its end there", null);
        if (_stream.Checksum != _checksum)
            throw _fault($"its bytes are damaged (CRC-32 {_stream.Checksum:X8})", $"{_checksum:X8}, as the archive says", "Copy or write it again.");
    }

    private long[] ShapeOf(string text)
    {
        var sizes = text.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new long[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes.Length > MostDimensions || !long.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] is < 1 or > int.MaxValue)
                throw _fault($"the shape is {Shown.Value(text)}", $"at most {MostDimensions} dimensions, none of them 0", null);
        }

        return shape;
    }
}
