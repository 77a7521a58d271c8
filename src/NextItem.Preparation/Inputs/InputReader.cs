using NextItem.Preparation.Engine;
using NextItem.Preparation.Formats;

namespace NextItem.Preparation.Inputs;

/// <summary>Everything about the input before the first step: files or a database, their layout, their columns.</summary>
internal sealed class InputReader(PreparationOptions options, PreparationSteps steps, Database database, CancellationToken cancellationToken)
{
    private const int Named = 3;

    private readonly RawFormat _format = RawFormats.Of(options.Format);

    /// <summary>Is told how many rows of a database have come.</summary>
    public Action<long> RowsRead { get; init; } = _ => { };

    /// <summary>What was found.</summary>
    /// <param name="Mappings">Sources with their columns.</param>
    /// <param name="IsByUser">Whether owners are users.</param>
    /// <param name="Understood">How it was understood.</param>
    /// <param name="Inputs">Names and sizes.</param>
    /// <param name="Files">The files of events.</param>
    internal sealed record Found(IReadOnlyList<EventMapping> Mappings, bool IsByUser, IReadOnlyList<string> Understood, IReadOnlyList<PreparedInput> Inputs, IReadOnlyList<RawFile> Files)
    {
        /// <summary>What to say where there is no row in it.</summary>
        public string NoRow => $"{string.Join(", ", Inputs.Take(Named).Select(input => input.Name))}{(Inputs.Count > Named ? $" and {Inputs.Count - Named:N0} more" : "")}: there is no row of events{(Mappings.All(mapping => mapping.Source.HasHeader) ? " after the header" : "")}.";

        /// <summary>What a reader of the SQL has to know beside it.</summary>
        public IEnumerable<string> Remarks => Mappings.Select(mapping => mapping.Source.Remark).OfType<string>();
    }


    /// <summary>Looks.</summary>
    public Found Read()
    {
        // The functions are part of what looks at times.
        database.Execute(SqlStep.Text("00-functions"));
        var inputs = new List<PreparedInput>();
        var files = new List<RawFile>();
        var sources = Sources(inputs, files);
        var mapper = new ColumnMapper(_format, options.Columns, steps, new TimeColumns(database));
        var mappings = sources.ConvertAll(mapper.Map);
        return new Found(mappings, mapper.IsByUser!.Value, mapper.Understood, inputs, files);
    }

    private List<Source> Sources(List<PreparedInput> inputs, List<RawFile> files)
    {
        if (options.Inputs.FirstOrDefault(PostgresAddress.IsOne) is { } address)
        {
            RequireOnly(PostgresAddress.WithoutPassword(address));
            inputs.Add(new(PostgresAddress.WithoutPassword(address), null));
            return [Exploded(StreamedTable.OfPostgres(address, options.Table, options.Query, database, RowsRead, cancellationToken))];
        }

        if (options.Inputs.Select(AttachedTable.Extension).FirstOrDefault(found => found is not null) is { } other)
        {
            RequireOnly(other.Extension);
            inputs.Add(new(other.Extension, null)); // the connection may have a password
            return [Exploded(AttachedTable.Of(other.Connection, other.Extension, options.Table, options.Query, database))];
        }

        foreach (var path in InputFiles.Expand(options.Inputs, _format, database))
            files.Add(RawFile.Recognise(path, cancellationToken));
        inputs.AddRange(files.Select(file => new PreparedInput(file.Path, file.Bytes)));
        if (files.Find(file => file.Kind is RawFileKind.DuckDb or RawFileKind.Sqlite) is { } databaseFile)
        {
            RequireOnly(databaseFile.Path);
            files.Clear();
            return [Exploded(databaseFile.Kind == RawFileKind.Sqlite
                ? StreamedTable.OfSqlite(databaseFile.Path, options.Table, options.Query, database, RowsRead, cancellationToken)
                : AttachedTable.Of(databaseFile.Path, null, options.Table, options.Query, database))];
        }

        if (options.Table is not null || options.Query is not null)
            throw new PreparationException("--table and --query belong to a database; the input is files.");
        return new FileSources(database)
        {
            Headerless = fields => options.Columns.Names ?? _format.Headerless(fields),
            Separator = options.Columns.Separator,
            JsonTypes = _format.JsonTypes,
            OpensObjects = true,
            Explode = _format.Explode,
        }.Of(files);
    }

    private Source Exploded(Source source)
    {
        if (_format.Explode is not { } explode || _format.JsonTypes.Count > 0)
            return source;
        var names = source.Columns.Select(column => column.Name).ToArray();
        return source with { Explode = rows => explode(names, rows) };
    }

    private void RequireOnly(string name)
    {
        if (options.Inputs.Count > 1)
            throw new PreparationException($"{name} is a database; expected it to be the only input.");
    }
}
