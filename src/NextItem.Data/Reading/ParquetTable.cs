using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Reading;

/// <summary>Rows of a Parquet file: one row group at a time, and only the wanted columns of it.</summary>
internal sealed class ParquetTable : TableReader
{
    private readonly InputFile _input;
    private readonly ParquetCheck _check;
    private readonly ParquetReader _reader;
    private readonly ParquetColumn[] _columns;
    private readonly HashSet<string> _names;
    private int _group = -1;
    private int _count;
    private int _index;

    public ParquetTable(
        InputFile input, WantedColumn[] columns, Func<IReadOnlyList<FoundColumn>, IEnumerable<WantedColumn>>? choose, CancellationToken cancellationToken)
        : base(input.Path, columns, cancellationToken)
    {
        _input = input;
        var file = input.Rewind();
        _check = Wait(() => Task.FromResult(new ParquetCheck(file)));
        file = input.Rewind();
        _reader = Wait(() => ParquetReader.CreateAsync(file, new ParquetOptions { TreatByteArrayAsString = true }, leaveStreamOpen: true, cancellationToken));
        try
        {
            var fields = Wait(() => Task.FromResult(_reader.Schema.Fields));
            Choose(choose, fields.Select(field => ParquetColumn.ForFeature(field) is { } column
                ? new FoundColumn(field.Name, true, column.HoldsVectors)
                : new FoundColumn(field.Name, false)));
            var positions = Header.Find(Path, [.. fields.Select(field => field.Name)], Wanted, separator: null);
            _names = [.. positions.Select(position => fields[position].Name)];
            _columns = [.. positions.Select((position, column) => ColumnFor(fields[position], Wanted[column]))];
        }
        catch
        {
            Close();
            throw;
        }
    }

    public override ReadOnlySpan<char> Text(int column) =>
        _columns[column].IsNull(_index) ? default : _columns[column].Text(_index);

    public override bool HoldsVectors(int column) => _columns[column].HoldsVectors;

    public override ReadOnlySpan<double> Vector(int column) => _columns[column].Vector(_index);

    public override double Time(int column)
    {
        if (_columns[column].IsNull(_index))
            throw BadTime(column, default);
        if (!_columns[column].TryTime(_index, out var time))
            return TimeOf(column, Text(column));
        return double.IsFinite(time) ? time : throw BadTime(column, Text(column));
    }

    public override void Dispose()
    {
        Close();
        _input.Dispose();
    }

    protected override bool Advance()
    {
        _index++;
        while (_index >= _count)
        {
            if (++_group == _reader.RowGroupCount)
                return false;
            _count = Wait(LoadGroupAsync);
            _index = 0;
        }

        return true;
    }

    private async Task<int> LoadGroupAsync()
    {
        _check.CheckPages(_group, _names);
        using var group = _reader.OpenRowGroupReader(_group);
        var count = checked((int)group.RowCount);
        foreach (var column in _columns)
            await column.LoadAsync(group, count, Cancellation).ConfigureAwait(false);
        return count;
    }

    private ParquetColumn ColumnFor(Field field, WantedColumn wanted)
    {
        if (wanted.HoldsFeature)
            return ParquetColumn.ForFeature(field) ?? throw Fault(null, $"the column {Shown.Value(field.Name)} holds records or what is no text", ParquetColumn.FeatureTypes);
        var data = field as DataField;
        if (data is not null && ParquetColumn.For(data) is { } found && (wanted.HoldsTime || found.CanBeKey))
            return found;
        var type = data is null || data.IsArray || data.MaxRepetitionLevel > 0 ? "holds lists or records" : $"is of type {data.ClrType.Name}";
        throw Fault(null, $"the column {Shown.Value(field.Name)} {type}", wanted.HoldsTime ? ParquetColumn.TimeTypes : ParquetColumn.KeyTypes);
    }

    private void Close() => Task.Run(() => _reader.DisposeAsync().AsTask()).GetAwaiter().GetResult();

    // On the thread pool, where no synchronization context can make the wait a deadlock. The wait, not only the work, ends
    // when the reading is cancelled: Parquet.Net asks for no token while it parses a footer, and a damaged one can keep it
    // there for good.
    private T Wait<T>(Func<Task<T>> work)
    {
        try
        {
            return Task.Run(work, Cancellation).WaitAsync(Cancellation).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException)
        {
            throw Fault(
                null, $"the Parquet file uses something that is not supported ({e.Message.TrimEnd('.')})", "a Parquet file of format version 1",
                "Write it again with the writer's defaults, or as text.", e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or EventsFileException))
        {
            // The decoder meets damage in many ways, out of range and out of memory among them.
            throw Fault(null, "the Parquet data is damaged or cut short", "a complete Parquet file", "Copy or write it again.", e);
        }
    }
}
