using System.Buffers.Binary;
using System.Text.Json;

namespace NextItem.Tests.ModelFiles;

/// <summary>A second reader of the safetensors layout, written from its specification alone; asserts what the specification demands.</summary>
internal sealed class SafetensorsFile
{
    private static readonly Dictionary<string, int> s_sizes = new() { ["U8"] = 1, ["I32"] = 4, ["I64"] = 8, ["F32"] = 4 };

    public SafetensorsFile(byte[] bytes)
    {
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.InRange(headerLength, 2UL, (ulong)bytes.Length - 8);
        Assert.Equal((byte)'{', bytes[8]);
        DataStart = 8 + (int)headerLength;
        using var json = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var text in entry.Value.EnumerateObject())
                    Metadata.Add(text.Name, text.Value.GetString()!);
                continue;
            }

            var type = entry.Value.GetProperty("dtype").GetString()!;
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
            int[] place = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            Assert.Equal(2, place.Length);
            Assert.Equal(shape.Aggregate((long)s_sizes[type], (product, length) => product * length), place[1] - place[0]);
            Tensors.Add(entry.Name, new Tensor(type, shape, DataStart + place[0], DataStart + place[1]));
        }

        var end = DataStart;
        foreach (var tensor in Tensors.Values.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.End))
        {
            Assert.Equal(end, tensor.Start);
            end = tensor.End;
        }

        Assert.Equal(bytes.Length, end);
    }

    public int DataStart { get; }

    public Dictionary<string, string> Metadata { get; } = [];

    public Dictionary<string, Tensor> Tensors { get; } = [];

    /// <summary>A tensor; Start and End are counted from the start of the file.</summary>
    internal sealed record Tensor(string Type, long[] Shape, int Start, int End);
}
