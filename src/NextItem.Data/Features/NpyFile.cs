using System.Buffers.Binary;
using System.Globalization;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>
/// A matrix in NumPy's format: 32- or 64-bit floats, little-endian, two dimensions, row after row (C order). Read row by row; the
/// header is parsed strictly and the file must be exactly as long as it says.
/// </summary>
internal sealed class NpyFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly byte[] _row;
    private readonly bool _isDouble;
    private long _read;

    private NpyFile(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        var header = NpyHeader.Read(file, Fault);
        if (header.Type is not ("<f4" or "<f8"))
            throw Fault($"the numbers are of type {Shown.Value(header.Type)}", "'<f4' or '<f8', little-endian floats", "Save it again with astype('<f4').");
        if (header.IsFortranOrder)
            throw Fault("the matrix is in Fortran order", "C order, row after row", "Save numpy.ascontiguousarray of it.");
        _isDouble = header.Type == "<f8";
        (Rows, Columns) = Shape(header.Shape);
        var expected = (Int128)_file.Position + ((Int128)Rows * Columns * Size);
        if (_file.Length != expected)
            throw Fault($"the file has {_file.Length:N0} bytes", $"{expected:N0}, for {Rows:N0} rows of {Columns:N0} numbers", _file.Length < expected ? "It is cut short; copy or write it again." : null);
        _row = new byte[Columns * Size];
    }

    /// <summary>Number of vectors.</summary>
    public long Rows { get; }

    /// <summary>Length of each vector.</summary>
    public int Columns { get; }

    private int Size => _isDouble ? sizeof(double) : sizeof(float);

    /// <summary>Whether a file begins as such a file does; false where there is no file or it is a pipe, which others tell better.</summary>
    public static bool IsNpy(string path)
    {
        try
        {
            if (!File.Exists(path))
                return false;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Span<byte> start = stackalloc byte[6];
            return file.CanSeek && file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(NpyHeader.Magic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens a file for which <see cref="IsNpy"/> is true.</summary>
    /// <exception cref="EventsFileException">Its header or its length is wrong.</exception>
    public static NpyFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            return new NpyFile(path, file);
        }
        catch (Exception e)
        {
            file?.Dispose();
            throw InputFile.Translate(path, "item features", e) ?? e;
        }
    }

    /// <summary>Passes over the next vector.</summary>
    public void Skip() => Next();

    /// <summary>Reads the next vector, [Columns].</summary>
    /// <exception cref="EventsFileException">A number is not finite.</exception>
    public void Read(Span<float> vector)
    {
        Next();
        for (var column = 0; column < vector.Length; column++)
        {
            var number = _isDouble
                ? BinaryPrimitives.ReadDoubleLittleEndian(_row.AsSpan(column * Size))
                : BinaryPrimitives.ReadSingleLittleEndian(_row.AsSpan(column * Size));
            vector[column] = (float)number;
            if (!float.IsFinite(vector[column]))
                throw new EventsFileException(_path, _read, string.Create(CultureInfo.InvariantCulture, $"number {column + 1:N0} is {number}"), "a finite number that a 32-bit float can hold");
        }
    }

    public void Dispose() => _file.Dispose();

    private void Next()
    {
        try
        {
            _file.ReadExactly(_row);
            _read++;
        }
        catch (Exception e)
        {
            throw InputFile.Translate(_path, "item features", e) ?? e;
        }
    }

    private (long Rows, int Columns) Shape(string text)
    {
        var sizes = text.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length == 2 && long.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && rows > 0 && columns is > 0 and <= 1 << 24)
            return (rows, columns);
        throw Fault($"the shape is {Shown.Value(text)}", "two dimensions, a vector an item, neither of them 0");
    }

    private EventsFileException Fault(string found, string expected, string? advice = null) => new(_path, null, found, expected, advice);
}
