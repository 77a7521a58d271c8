using System.Text;
using NextItem.Sessions;

namespace NextItem.Features;

/// <summary>Puts keys that were numbered as they came into their final order: that of their code points, whatever order the items have.</summary>
internal static class Vocabulary
{
    /// <summary>Indices of the keys that are kept, in the order of the keys' code points (which is that of their UTF-8 bytes).</summary>
    public static int[] Order(KeyTable found, Func<int, bool> keeps)
    {
        var order = Enumerable.Range(0, found.Count).Where(keeps).ToArray();
        Array.Sort(order, (a, b) => found.Utf8(a).SequenceCompareTo(found.Utf8(b)));
        return order;
    }

    /// <summary>A table of the keys in an order.</summary>
    public static KeyTable InOrder(KeyTable found, int[] order)
    {
        var keys = new KeyTable();
        var text = new char[256];
        foreach (var index in order)
        {
            var utf8 = found.Utf8(index);
            if (text.Length < utf8.Length)
                text = new char[utf8.Length * 2];
            keys.GetOrAdd(text.AsSpan(0, Encoding.UTF8.GetChars(utf8, text)));
        }

        return keys;
    }
}
