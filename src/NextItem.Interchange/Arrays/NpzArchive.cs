using System.IO.Compression;
using NextItem.Data.Reading;

namespace NextItem.Interchange.Arrays;

/// <summary>
/// A plain archive of arrays as numpy.savez writes it, from a stranger: nothing in it is run, and nothing is allocated for an array before
/// its type, shape and length are what they should be.
/// </summary>
internal sealed class NpzArchive : IDisposable
{
    private const string Suffix = ".npy";
    private const int MostArrays = 10_000;

    /// <summary>Weights hardly shrink; text and zeros do. An archive that says more is made to fill memory.</summary>
    private const int MostRatio = 200;
    private const long AlwaysFine = 16L << 20;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Opens an archive.</summary>
    /// <param name="stream">Seekable; stays open.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="ImportException">It is no such archive.</exception>
    public NpzArchive(Stream stream, string path)
    {
        Path = path;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (_zip.Entries.Count > MostArrays)
                throw Fault($"it has {_zip.Entries.Count:N0} entries", $"at most {MostArrays:N0} arrays");
            Int128 declared = 0;
            foreach (var entry in _zip.Entries)
            {
                if (!entry.FullName.EndsWith(Suffix, StringComparison.Ordinal))
                    throw Fault($"it holds {Shown.Value(entry.FullName)}", "arrays alone, as numpy.savez writes them");
                if (!_entries.TryAdd(entry.FullName[..^Suffix.Length], entry))
                    throw Fault($"it holds {Shown.Value(entry.FullName)} twice", "every array once");
                declared += entry.Length;
            }

            var most = ((Int128)MostRatio * stream.Length) + AlwaysFine;
            if (declared > most)
                throw Fault($"its arrays are said to have {declared:N0} bytes, in an archive of {stream.Length:N0}", $"at most {most:N0}");
        }
        catch (InvalidDataException e)
        {
            throw new ImportException(path, $"it cannot be read as an archive ({e.Message.TrimEnd('.')})", "an .npz file, whole, as numpy.savez writes it", null, e);
        }
    }

    /// <summary>What messages call the archive.</summary>
    public string Path { get; }

    /// <summary>Names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The shape of an array that must be there.</summary>
    public long[] ShapeOf(string name)
    {
        using var array = Open(name);
        return array.Shape;
    }

    /// <summary>Refuses an array of another shape than the network's, by its header alone: before anything is made as large as other arrays say.</summary>
    /// <param name="name">The array, which must be there.</param>
    /// <param name="shape">What its shape must be.</param>
    public void Require(string name, params long[] shape)
    {
        using var array = Open(name);
        RequireShape(name, array, shape);
    }

    /// <summary>Finite floats, row after row, whatever the order and precision they are kept in.</summary>
    /// <param name="name">The array.</param>
    /// <param name="shape">What its shape must be.</param>
    public float[] Floats(string name, params long[] shape)
    {
        using var array = Open(name);
        RequireShape(name, array, shape);
        return array.ReadFloats();
    }

    /// <summary>Text, or whole numbers as text.</summary>
    public string[] Texts(string name)
    {
        using var array = Open(name);
        if (array.Shape.Length != 1)
            throw Fault($"array '{name}' has the shape {NpyArray.Text(array.Shape)}", "one dimension, a value an item");
        return array.ReadTexts();
    }

    public ImportException Fault(string found, string expected, string? advice = null) => new(Path, found, expected, advice);

    public void Dispose() => _zip.Dispose();

    private void RequireShape(string name, NpyArray array, long[] shape)
    {
        if (!array.Shape.AsSpan().SequenceEqual(shape))
            throw Fault($"array '{name}' has the shape {NpyArray.Text(array.Shape)}", NpyArray.Text(shape));
    }

    private NpyArray Open(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Fault($"there is no array '{name}' among {(Names.Count == 0 ? "none" : Shown.Names(Names.Order(StringComparer.Ordinal)))}", "it to be there");
        try
        {
            return new NpyArray(entry.Open(), entry.Length, entry.Crc32, (found, expected, advice) => Fault($"array '{name}': {found}", expected, advice));
        }
        catch (InvalidDataException e)
        {
            throw new ImportException(Path, $"array '{name}' cannot be read ({e.Message.TrimEnd('.')})", "an .npz file, whole, as numpy.savez writes it", null, e);
        }
    }
}
