using System.Text;
using NextItem.Sessions;

namespace NextItem.Tests.Sessions;

public class KeyTableTests
{
    [Fact]
    public void GetOrAdd_ThousandsOfRandomKeys_NumbersThemAsADictionary()
    {
        var random = new Random(6);
        var table = new KeyTable();
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 30_000; i++)
        {
            var key = RandomKey(random);
            Assert.Equal(expected.GetValueOrDefault(key, -1), table.Find(key));
            expected.TryAdd(key, expected.Count);
            Assert.Equal(expected[key], table.GetOrAdd(key));
            Assert.Equal(expected[key], table.Find(key));
        }

        Assert.InRange(expected.Count, 10_000, 29_000); // many keys, many of them again and again
        Assert.Equal(expected.Count, table.Count);
        Assert.Equal(expected.OrderBy(pair => pair.Value).Select(pair => pair.Key), table.Strings());
        Assert.Equal(Encoding.UTF8.GetBytes(string.Concat(table.Strings())), table.Blob.ToArray());
        Assert.Equal("x"u8.ToArray(), Utf8OfNew(table, "x"));
    }

    [Fact]
    public void GetOrAdd_LongKeys_AreKeptWhole()
    {
        var table = new KeyTable();
        var keys = Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 1 << i / 2) + new string('é', i * 300)).ToArray();
        Assert.All(keys, (key, i) => Assert.Equal(i, table.GetOrAdd(key)));
        Assert.All(keys, (key, i) => Assert.Equal((i, key), (table.Find(key), table[i])));
    }

    /// <summary>Single halves of surrogate pairs have no UTF-8: all of them become the replacement character, one key.</summary>
    [Fact]
    public void GetOrAdd_LoneSurrogates_AreOneKey()
    {
        var table = new KeyTable();
        Assert.Equal(0, table.GetOrAdd("\uD800"));
        Assert.Equal(0, table.GetOrAdd("\uD801"));
        Assert.Equal(0, table.Find("\uFFFD"));
        Assert.Equal("\uFFFD", table[0]);
        Assert.Equal(1, table.GetOrAdd("\uD83D\uDE00"));
    }

    [Fact]
    public void Find_EmptyTableAndEmptyKey_AreNoSpecialCase()
    {
        var table = new KeyTable();
        Assert.Equal(-1, table.Find(""));
        Assert.Equal(0, table.Blob.Length);
        Assert.Equal(0, table.GetOrAdd(""));
        Assert.Equal(0, table.Find(""));
        Assert.Equal("", table[0]);
    }

    private static byte[] Utf8OfNew(KeyTable table, string key) => table.Utf8(table.GetOrAdd(key)).ToArray();

    private static string RandomKey(Random random)
    {
        var length = random.Next(0, 4);
        var key = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            var scalar = random.Next(3) switch
            {
                0 => random.Next(0x20, 0x7F),
                1 => random.Next(0xA0, 0xD800),
                _ => random.Next(0x1F300, 0x1F700),
            };
            key.Append(char.ConvertFromUtf32(scalar));
        }

        return key.ToString();
    }
}
