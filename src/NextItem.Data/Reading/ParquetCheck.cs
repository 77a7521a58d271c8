using System.Buffers.Binary;
using System.Text;

namespace NextItem.Data.Reading;

/// <summary>
/// What a Parquet file says of itself, checked before the decoder believes it: the footer, how many rows there are, and the pages of the
/// columns that are read. Without this, 1,300 bytes kept the decoder in a loop without end, and 1,400 had it allocate 1.7 GB.
/// </summary>
internal sealed class ParquetCheck
{
    /// <summary>Rows that a group may have however small its file is.</summary>
    private const long FewRows = 1 << 20;

    /// <summary>Rows that it may have beyond for each byte of the file: no log of times packs a row into an eighth of a bit.</summary>
    private const long RowsPerByte = 64;

    /// <summary>Bytes that a page may have once unpacked, whatever it is packed to.</summary>
    private const long SmallPage = 1 << 24;

    /// <summary>What a packed byte may become at most beyond; deflate ends at 1,032.</summary>
    private const long Unpacking = 1100;

    /// <summary>A page's header with its statistics; those of writers cut long values short.</summary>
    private const int LongestHeader = 1 << 20;

    /// <summary>Magic and footer length at the end, magic at the start.</summary>
    private const int EndLength = 8;

    private readonly Stream _file;
    private readonly long _bodyEnd;
    private readonly List<Group> _groups = [];

    /// <summary>Reads the footer.</summary>
    /// <param name="file">The file; its position is moved.</param>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public ParquetCheck(Stream file)
    {
        _file = file;
        if (file.Length < EndLength + 4)
            throw new InvalidDataException($"The file has {file.Length} bytes; expected at least 12.");
        var end = Read(file.Length - EndLength, EndLength);
        if (!end.AsSpan(4).SequenceEqual("PAR1"u8))
            throw new InvalidDataException("The file does not end with 'PAR1'.");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        _bodyEnd = file.Length - EndLength - length;
        if (_bodyEnd < 4)
            throw new InvalidDataException($"The footer has {length:N0} bytes, but the file only {file.Length:N0}.");
        new ThriftWalk(Read(_bodyEnd, (int)length)).Struct(ParquetShapes.FileMetaData, VisitFooter);
        foreach (var group in _groups)
        {
            if (group.Rows < 0 || group.Rows > FewRows + (RowsPerByte * file.Length))
                throw new InvalidDataException($"A row group has {group.Rows:N0} rows in a file of {file.Length:N0} bytes.");
        }
    }

    /// <summary>Checks the pages of some columns of a row group; the position of the file is moved.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="names">Names of the columns.</param>
    /// <exception cref="InvalidDataException">They contradict each other.</exception>
    public void CheckPages(int group, IReadOnlyCollection<string> names)
    {
        foreach (var chunk in _groups[group].Chunks.Where(chunk => chunk.Name is not null && names.Contains(chunk.Name)))
            CheckPages(chunk);
    }

    private void CheckPages(Chunk chunk)
    {
        if (chunk.Values < 0 || chunk.Values > FewRows + (RowsPerByte * _file.Length))
            throw new InvalidDataException($"A column has {chunk.Values:N0} values in a file of {_file.Length:N0} bytes.");
        var place = chunk.Dictionary is > 0 and var dictionary && dictionary < chunk.Data ? dictionary : chunk.Data;
        for (long values = 0; values < chunk.Values;)
        {
            if (place < 4 || place >= _bodyEnd)
                throw new InvalidDataException($"A page begins at byte {place:N0}; expected 4 to {_bodyEnd - 1:N0}.");
            var page = new Page();
            var walk = new ThriftWalk(Read(place, (int)Math.Min(LongestHeader, _bodyEnd - place)));
            walk.Struct(ParquetShapes.PageHeader, page.Visit);
            place += walk.Consumed;
            if (page.Packed < 0 || page.Packed > _bodyEnd - place)
                throw new InvalidDataException($"A page has {page.Packed:N0} bytes, but only {_bodyEnd - place:N0} follow.");
            if (page.Unpacked < 0 || page.Unpacked > SmallPage + (Unpacking * page.Packed))
                throw new InvalidDataException($"A page has {page.Unpacked:N0} bytes packed into {page.Packed:N0}.");
            if (page.Values < 0 || page.Values > chunk.Values - values)
                throw new InvalidDataException($"A page has {page.Values:N0} values, but the column only {chunk.Values - values:N0} more.");
            if (page.Distinct < 0 || page.Distinct > page.Unpacked)
                throw new InvalidDataException($"A dictionary has {page.Distinct:N0} values in {page.Unpacked:N0} bytes.");
            values += page.Values;
            place += page.Packed;
        }
    }

    private void VisitFooter(ThriftShape shape, int field, long number, ReadOnlyMemory<byte> text)
    {
        if (shape == ParquetShapes.RowGroup)
        {
            if (field == 0)
                _groups.Add(new Group());
            else if (field == 3)
                _groups[^1].Rows = number;
        }
        else if (shape == ParquetShapes.ColumnChunk && field == 0)
        {
            _groups[^1].Chunks.Add(new Chunk());
        }
        else if (shape == ParquetShapes.ColumnMetaData)
        {
            var chunk = _groups[^1].Chunks[^1];
            switch (field)
            {
                case 3:
                    chunk.Name ??= Encoding.UTF8.GetString(text.Span);
                    break;
                case 5:
                    chunk.Values = number;
                    break;
                case 9:
                    chunk.Data = number;
                    break;
                case 11:
                    chunk.Dictionary = number;
                    break;
            }
        }
    }

    private byte[] Read(long place, int count)
    {
        var bytes = new byte[count];
        _file.Position = place;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private sealed class Group
    {
        public long Rows { get; set; }

        public List<Chunk> Chunks { get; } = [];
    }

    private sealed class Chunk
    {
        /// <summary>The first part of its path: the column's name.</summary>
        public string? Name { get; set; }

        public long Values { get; set; }

        public long Data { get; set; }

        public long Dictionary { get; set; }
    }

    private sealed class Page
    {
        public long Unpacked { get; private set; }

        public long Packed { get; private set; }

        public long Values { get; private set; }

        public long Distinct { get; private set; }

        public void Visit(ThriftShape shape, int field, long number, ReadOnlyMemory<byte> text)
        {
            if (shape == ParquetShapes.PageHeader && field == 2)
                Unpacked = number;
            else if (shape == ParquetShapes.PageHeader && field == 3)
                Packed = number;
            else if ((shape == ParquetShapes.DataPage || shape == ParquetShapes.DataPageV2) && field == 1)
                Values = number;
            else if (shape == ParquetShapes.DictionaryPage && field == 1)
                Distinct = number;
        }
    }
}
