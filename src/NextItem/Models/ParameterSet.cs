using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models;

/// <summary>All parameters of a network, laid out by one list of <see cref="ParameterSpec"/>: the only place that knows their shapes.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly ParameterSpec[] _specs;

    /// <summary>Allocates zeros for every parameter.</summary>
    /// <param name="specs">Names and shapes.</param>
    /// <param name="states">Floats of optimiser state per parameter; 0 for scoring.</param>
    /// <param name="cancellationToken">Stops the allocation.</param>
    public ParameterSet(IEnumerable<ParameterSpec> specs, int states, CancellationToken cancellationToken = default)
    {
        _specs = [.. specs];
        Tables = new ParameterTable[_specs.Length];
        for (var i = 0; i < _specs.Length; i++)
            Tables[i] = new ParameterTable(_specs[i].Name, _specs[i].Rows, _specs[i].BlockColumns, _specs[i].Blocks, states, cancellationToken);
    }

    private ParameterSet(ParameterSpec[] specs, ParameterTable[] tables)
    {
        _specs = specs;
        Tables = tables;
    }

    /// <summary>The parameters in the order of the list.</summary>
    public ParameterTable[] Tables { get; private set; }

    /// <summary>The parameter of a name.</summary>
    public ParameterTable this[string name] => Array.Find(Tables, table => table.Name == name) ?? throw new KeyNotFoundException(name);

    /// <summary>Number of learned values, padding and states not counted.</summary>
    public long ValueCount => _specs.Sum(spec => (long)spec.Rows * spec.BlockColumns * spec.Blocks);

    /// <summary>
    /// Sets the initial values: each block is its own Glorot matrix, U(-s, s) with s = sqrt(6 / (rows + columns)) of the
    /// block; biases are zero. A function of the seed alone.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scale">s, or 0 for Glorot's.</param>
    /// <param name="normal">Draws from N(0, s) instead.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <remarks>Glorot and Bengio 2010.</remarks>
    public void Initialise(ulong seed, float scale = 0, bool normal = false, CancellationToken cancellationToken = default)
    {
        for (var t = 0; t < _specs.Length; t++)
        {
            for (var row = 0; row < _specs[t].Rows; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                InitialiseRow(t, row, seed, scale, normal);
            }
        }
    }

    /// <summary>Sets one row's initial values; the same whatever other rows there are, but for Glorot's scale.</summary>
    public unsafe void InitialiseRow(int table, int row, ulong seed, float scale = 0, bool normal = false)
    {
        var random = new CounterRandom(seed);
        var spec = _specs[table];
        if (spec.GlorotColumns == 0)
            return;
        var bound = scale > 0 ? scale : MathF.Sqrt(6f / (spec.Rows + spec.GlorotColumns));
        const int Some = 4 * CounterRandom.Together;
        var words = stackalloc uint[4 * Some];
        var count = spec.Blocks * spec.GlorotColumns;
        for (var i = 0; i < count; i++)
        {
            // A block of words to each number, of which it takes one or two.
            if (i % Some == 0)
                random.Fill(RandomStream.Initialisation, table, row, (uint)i, 1, words, Math.Min(Some, count - i));
            var (block, column) = Math.DivRem(i, spec.GlorotColumns);
            var own = words + (4 * (i % Some));
            var number = normal ? CounterRandom.ToNormal(own[0], own[1]) : (2 * CounterRandom.ToUnit(own[0])) - 1;
            Tables[table].At(row, block, column) = number * bound;
        }
    }

    /// <summary>Takes the values of a set of the same shapes; optimiser states stay.</summary>
    /// <exception cref="ArgumentException">The other set has other shapes.</exception>
    public unsafe void CopyValuesFrom(ParameterSet other)
    {
        RequireShapesOf(other, withStates: false);
        for (var t = 0; t < Tables.Length; t++)
        {
            for (var row = 0; row < Tables[t].Rows; row++)
                new ReadOnlySpan<float>(other.Tables[t].Row(row), Tables[t].Width).CopyTo(new Span<float>(Tables[t].Row(row), Tables[t].Width));
        }
    }

    /// <summary>Takes the values and the optimiser states of a set of the same shapes.</summary>
    /// <exception cref="ArgumentException">The other set has other shapes.</exception>
    public unsafe void CopyFrom(ParameterSet other)
    {
        RequireShapesOf(other, withStates: true);
        for (var t = 0; t < Tables.Length; t++)
        {
            for (var row = 0; row < Tables[t].Rows; row++)
                new ReadOnlySpan<float>(other.Tables[t].Row(row), (int)Tables[t].Stride).CopyTo(new Span<float>(Tables[t].Row(row), (int)Tables[t].Stride));
        }
    }

    private void RequireShapesOf(ParameterSet other, bool withStates)
    {
        if (Tables.Length != other.Tables.Length)
            throw new ArgumentException($"There are {other.Tables.Length} parameters; expected {Tables.Length}.", nameof(other));
        foreach (var (own, table) in Tables.Zip(other.Tables))
        {
            if (own.Rows != table.Rows || own.Width != table.Width || (withStates && own.States != table.States))
                throw new ArgumentException($"The parameter '{table.Name}' is {table.Rows} x {table.Width} with {table.States} states; expected {own.Rows} x {own.Width} with {own.States}.", nameof(other));
        }
    }

    /// <summary>The parameter that holds something which is no finite number, or null.</summary>
    public unsafe ParameterTable? FirstNotFinite()
    {
        foreach (var table in Tables)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(table.Row(row), table.Width))))
                    return table;
            }
        }

        return null;
    }

    /// <summary>A copy of the values without optimiser state, for scoring.</summary>
    public ParameterSet WithoutStates() => new(_specs, Array.ConvertAll(Tables, table => table.WithoutStates()));

    /// <summary>The values without optimiser state in the same memory; this set has none afterwards.</summary>
    public ParameterSet IntoValues() => new(_specs, Array.ConvertAll(Tables, table => table.IntoValues()));

    /// <summary>The same set in the same memory, but for some tables, which are freed and without rows; this set has none afterwards.</summary>
    public ParameterSet WithoutRows(string[] names)
    {
        var specs = Array.ConvertAll(_specs, spec => names.Contains(spec.Name) ? spec with { Rows = 0 } : spec);
        var tables = new ParameterTable[specs.Length];
        for (var t = 0; t < tables.Length; t++)
        {
            if (names.Contains(specs[t].Name))
            {
                tables[t] = new ParameterTable(specs[t].Name, 0, specs[t].BlockColumns, specs[t].Blocks, Tables[t].States);
                Tables[t].Dispose();
            }
            else
            {
                tables[t] = Tables[t];
            }
        }

        Tables = [];
        return new ParameterSet(specs, tables);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in Tables)
            table.Dispose();
    }
}
