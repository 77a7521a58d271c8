using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Writing;

/// <summary>Writes recommendations as Parquet: a row an item, in row groups of limited size, so that memory does not grow with the file.</summary>
internal sealed class RecommendationTable : IDisposable
{
    private const int GroupRows = 1 << 17;

    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly bool _explains;
    private readonly List<string> _sessions = [];
    private readonly List<int> _ranks = [];
    private readonly List<string> _items = [];
    private readonly List<float> _scores = [];
    private readonly List<string?> _becauseOf = [];
    private readonly List<int?> _ranksWithout = [];

    /// <summary>Begins the table.</summary>
    /// <param name="stream">Where it is written to; stays open.</param>
    /// <param name="explains">Whether there are the columns BecauseOf and RankWithout.</param>
    public RecommendationTable(Stream stream, bool explains)
    {
        _explains = explains;
        List<DataField> fields = [new DataField<string>("SessionId"), new DataField<int>("Rank"), new DataField<string>("ItemId"), new DataField<float>("Score")];
        if (explains)
            fields.AddRange([new DataField<string>("BecauseOf"), new DataField<int?>("RankWithout")]);
        var schema = new ParquetSchema(fields);
        _fields = schema.DataFields;
        _writer = Wait(() => ParquetWriter.CreateAsync(schema, stream));
    }

    /// <summary>Adds a row.</summary>
    public void Add(string session, int rank, string item, float score, string? becauseOf, int? rankWithout)
    {
        _sessions.Add(session);
        _ranks.Add(rank);
        _items.Add(item);
        _scores.Add(score);
        _becauseOf.Add(becauseOf);
        _ranksWithout.Add(rankWithout);
        if (_sessions.Count == GroupRows)
            WriteGroup();
    }

    /// <summary>Writes what is left and the end of the file; without it the file is none.</summary>
    public void Finish()
    {
        if (_sessions.Count > 0)
            WriteGroup();
        Wait(async () =>
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A table that was not finished is thrown away with its stream: disposing of the writer would write an end to it.
    }

    private void WriteGroup()
    {
        Wait(async () =>
        {
            using var group = _writer.CreateRowGroup();
            await group.WriteAsync(_fields[0], _sessions.ToArray()).ConfigureAwait(false);
            await group.WriteAsync<int>(_fields[1], _ranks.ToArray()).ConfigureAwait(false);
            await group.WriteAsync(_fields[2], _items.ToArray()).ConfigureAwait(false);
            await group.WriteAsync<float>(_fields[3], _scores.ToArray()).ConfigureAwait(false);
            if (_explains)
            {
                await group.WriteAsync(_fields[4], _becauseOf.ToArray()!).ConfigureAwait(false);
                await group.WriteAsync<int>(_fields[5], _ranksWithout.ToArray()).ConfigureAwait(false);
            }

            return true;
        });
        _sessions.Clear();
        _ranks.Clear();
        _items.Clear();
        _scores.Clear();
        _becauseOf.Clear();
        _ranksWithout.Clear();
    }

    // On the thread pool, where no synchronization context can make the wait a deadlock.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
