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
    public ParameterSet(IEnumerable<ParameterSpec> specs, int states)
    {
        _specs = [.. specs];
        Tables = new ParameterTable[_specs.Length];
        for (var i = 0; i < _specs.Length; i++)
            Tables[i] = new ParameterTable(_specs[i].Name, _specs[i].Rows, _specs[i].BlockColumns, _specs[i].Blocks, states);
    }

    private ParameterSet(ParameterSpec[] specs, ParameterTable[] tables)
    {
        _specs = specs;
        Tables = tables;
    }

    /// <summary>The parameters in the order of the list.</summary>
    public ParameterTable[] Tables { get; }

    /// <summary>The parameter of a name.</summary>
    public ParameterTable this[string name] => Array.Find(Tables, table => table.Name == name) ?? throw new KeyNotFoundException(name);

    /// <summary>Number of learned values, padding and states not counted.</summary>
    public long ValueCount => _specs.Sum(spec => (long)spec.Rows * spec.BlockColumns * spec.Blocks);

    /// <summary>
    /// Sets the initial values: each block is its own Glorot matrix, U(-s, s) with s = sqrt(6 / (rows + columns)) of the
    /// block; biases are zero. A function of the seed alone.
    /// </summary>
    /// <remarks>Glorot and Bengio 2010.</remarks>
    public void Initialise(ulong seed)
    {
        var random = new CounterRandom(seed);
        for (var t = 0; t < _specs.Length; t++)
        {
            var spec = _specs[t];
            if (spec.GlorotColumns == 0)
                continue;
            var bound = MathF.Sqrt(6f / (spec.Rows + spec.GlorotColumns));
            for (var row = 0; row < spec.Rows; row++)
            {
                for (var i = 0; i < spec.Blocks * spec.GlorotColumns; i++)
                {
                    var (block, column) = Math.DivRem(i, spec.GlorotColumns);
                    var unit = CounterRandom.ToUnit(random.At(RandomStream.Initialisation, t, row, (uint)i).A);
                    Tables[t].At(row, block, column) = ((2 * unit) - 1) * bound;
                }
            }
        }
    }

    /// <summary>A copy of the values without optimiser state, for scoring.</summary>
    public ParameterSet WithoutStates() => new(_specs, Array.ConvertAll(Tables, table => table.WithoutStates()));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in Tables)
            table.Dispose();
    }
}
