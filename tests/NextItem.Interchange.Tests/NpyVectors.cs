using System.Runtime.InteropServices;
using System.Text;

namespace NextItem.Interchange.Tests;

/// <summary>Item vectors as another program would read them: the header's length, its text, then rows.</summary>
internal static class NpyVectors
{
    public static float[][] Read(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ItemVectorsFile.WriteVectors(stream, model.Model);
        return Read(stream.ToArray());
    }

    public static float[][] Read(byte[] file)
    {
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], file[..8]);
        var length = file[8] + (256 * file[9]);
        Assert.Equal(0, (10 + length) % 64);
        var header = Encoding.ASCII.GetString(file, 10, length);
        var sizes = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)].Split(", ").Select(int.Parse).ToArray();
        Assert.Equal($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes[0]}, {sizes[1]}), }}", header.TrimEnd());
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        var values = MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + length)).ToArray();
        Assert.Equal(sizes[0] * sizes[1], values.Length);
        return [.. values.Chunk(sizes[1])];
    }
}
