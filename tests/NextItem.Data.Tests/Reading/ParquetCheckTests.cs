using System.Buffers.Binary;
using NextItem.Data.Reading;

namespace NextItem.Data.Tests.Reading;

/// <summary>Parquet that says of itself what cannot be: refused before the decoder believes it.</summary>
public class ParquetCheckTests
{
    /// <summary>Fields of a file's footer in Thrift's compact protocol: one schema element, and one row group of one column.</summary>
    private static byte[] Footer(long rows = 3, long values = 3, long place = 4, byte rowsType = 6) =>
    [
        0x15, 0x02, // 1: version 1
        0x19, 0x1C, 0x48, 0x01, (byte)'a', 0x00, // 2: schema [{4: "a"}]
        0x16, .. Zigzag(rows), // 3: rows
        0x19, 0x1C, // 4: row groups [
        0x19, 0x1C, 0x3C, // 1: columns [{3: {
        0x39, 0x18, 0x01, (byte)'a', // 3: path ["a"]
        0x26, .. Zigzag(values), // 5: values
        0x46, .. Zigzag(place), // 9: data page
        0x00, 0x00, // }}]
        (byte)(0x20 | rowsType), .. Zigzag(rows), // 3: rows
        0x00, 0x00,
    ];

    /// <summary>A page header: packed and unpacked length, and the values of a data page.</summary>
    private static byte[] Page(long unpacked = 8, long packed = 8, long values = 3) =>
        [0x15, 0x00, 0x15, .. Zigzag(unpacked), 0x15, .. Zigzag(packed), 0x2C, 0x15, .. Zigzag(values), 0x00, 0x00];

    [Fact]
    public void CheckPages_GoodFile_SaysNothing() => Check(File(Page(), Footer()));

    [Fact]
    public void Constructor_MoreRowsThanAFileCanHold_IsRefused() => Refused("rows in a file of", File(Page(), Footer(rows: 90_000_000)));

    [Fact]
    public void Constructor_NegativeRows_IsRefused() => Refused("-1 rows", File(Page(), Footer(rows: -1)));

    [Fact]
    public void Constructor_FieldOfAnotherType_IsRefused() => Refused("Field 3 of a RowGroup is of type I32; expected I64", File(Page(), Footer(rowsType: 5)));

    [Fact]
    public void Constructor_FooterLongerThanTheFile_IsRefused()
    {
        var file = File(Page(), Footer());
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(file.Length - 8), int.MaxValue);
        Refused("The footer has 2,147,483,647 bytes", file);
    }

    [Fact]
    public void Constructor_ListLongerThanTheFooter_IsRefused() => Refused("A list has 2,147,483,647 entries", File([], [0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]));

    [Fact]
    public void Constructor_StructuresWithinEachOtherWithoutEnd_AreRefused() => Refused("deep within each other", File([], [.. Enumerable.Repeat((byte)0xDC, 100_000)]));

    [Fact]
    public void Constructor_ListsWithinEachOtherWithoutEnd_AreRefused() => Refused("deep within each other", File([], [0xD9, .. Enumerable.Repeat((byte)0x19, 100_000)]));

    [Fact]
    public void Constructor_FooterCutShort_IsRefused() => Refused("beyond its end", File(Page(), Footer()[..^3]));

    [Fact]
    public void Constructor_FieldTwice_IsRefused() => Refused("stands there twice", File([], [0x15, 0x02, 0x05, 0x02, 0x02, 0x00]));

    [Fact]
    public void CheckPages_PageOutsideOfTheFile_IsRefused() => Refused("A page begins at byte 1,000,000", File(Page(), Footer(place: 1_000_000)));

    [Fact]
    public void CheckPages_PageLongerThanTheFile_IsRefused() => Refused("A page has 2,000,000 bytes, but only", File(Page(packed: 2_000_000), Footer()));

    [Fact]
    public void CheckPages_PageThatUnpacksTooWell_IsRefused() => Refused("A page has 2,000,000,000 bytes packed into 8", File(Page(unpacked: 2_000_000_000), Footer()));

    [Fact]
    public void CheckPages_MoreValuesThanTheColumn_IsRefused() => Refused("A page has 4 values, but the column only 3 more", File(Page(values: 4), Footer()));

    /// <summary>Each page takes bytes, so that one without values is no loop.</summary>
    [Fact]
    public void CheckPages_PagesWithoutValues_EndWithTheFile() => Refused("A page begins at", File(Page(values: 0), Footer()));

    /// <summary>What the fuzz harness found: loops without end and gigabytes, for a kilobyte and a half.</summary>
    [Fact]
    public void Read_FilesThatOnceKeptTheDecoder_AreRefused()
    {
        var found = Directory.GetFiles(Path.Combine(Root(), "tests", "NextItem.Fuzz", "regressions", "parquet"));
        Assert.NotEmpty(found);
        foreach (var path in found)
            Assert.Contains("damaged", Assert.Throws<EventsFileException>(() => EventsFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static void Refused(string expected, byte[] file) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Check(file)).Message, StringComparison.Ordinal);

    private static void Check(byte[] file)
    {
        using var stream = new MemoryStream(file);
        new ParquetCheck(stream).CheckPages(0, ["a"]);
    }

    private static byte[] File(byte[] page, byte[] footer) =>
        [.. "PAR1"u8, .. page, .. new byte[8], .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];

    private static byte[] Zigzag(long number)
    {
        var bytes = new List<byte>();
        for (var rest = (ulong)((number << 1) ^ (number >> 63)); ; rest >>= 7)
        {
            bytes.Add((byte)(rest >= 0x80 ? (rest & 0x7F) | 0x80 : rest));
            if (rest < 0x80)
                return [.. bytes];
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above holds NextItem.slnx.");
        return folder.FullName;
    }
}
