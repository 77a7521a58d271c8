using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Baselines;

/// <summary>
/// Gradient descent on BPR's criterion over pairs of an item that a session had and one that it had not. A function of the
/// sessions and the options alone: one thread, random numbers by their place.
/// </summary>
/// <remarks>Rendle, Freudenthaler, Gantner, Schmidt-Thieme, UAI 2009. Formulas and draws: docs/baselines.md.</remarks>
internal sealed unsafe class BprMfTraining : IDisposable
{
    /// <summary>Draws of a negative before an event is passed over: a session that has all items would draw for ever.</summary>
    internal const int Tries = 32;

    private const int WordsOfBlock = 4;

    private readonly SessionSet _train;
    private readonly BprMfOptions _options;
    private readonly int[] _sessionOf;
    private readonly int[] _order;
    private readonly ParameterSet _parameters;
    private readonly float[] _old;
    private readonly float[] _difference;

    public BprMfTraining(SessionSet train, BprMfOptions options)
    {
        _train = train;
        _options = options;
        _sessionOf = new int[train.EventCount];
        for (var session = 0; session < train.Count; session++)
            _sessionOf.AsSpan(train.Offsets[session]..train.Offsets[session + 1]).Fill(session);
        _order = new int[train.EventCount];
        _old = new float[options.Factors];
        _difference = new float[options.Factors];
        _parameters = new ParameterSet(
            [
                new ParameterSpec("session.vectors", train.Count, options.Factors, 1, options.Factors),
                new ParameterSpec("items", train.Catalog.Count, options.Factors + 1, 1, options.Factors),
            ],
            states: 0);
        _parameters.Initialise(options.Seed, options.InitialScale);
    }

    /// <summary>[S x F] the sessions' vectors.</summary>
    public ParameterTable Sessions => _parameters.Tables[0];

    /// <summary>[I x (F + 1)] the items' vectors, each with its bias behind it.</summary>
    public ParameterTable Items => _parameters.Tables[1];

    /// <summary>The name of what is no longer finite, or null.</summary>
    public string? NotFinite => _parameters.FirstNotFinite()?.Name;

    /// <summary>Learns from every event once, in the random order of the epoch.</summary>
    public void RunEpoch(int epoch, CancellationToken cancellationToken = default)
    {
        SessionOrders.Shuffle(_order, _options.Seed, epoch, RandomStream.BprEvents);
        foreach (var place in _order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = _train.Items[place];
            if (item < 0)
                continue;
            var negative = NegativeFor(place, epoch);
            if (negative >= 0)
                Step(_sessionOf[place], item, negative);
        }
    }

    /// <summary>
    /// One step down the gradient of -ln sigma(x) + the penalties, x = u . (p - n) + b_p - b_n, for the vector u of a session, p and
    /// its bias b_p of an item that it had, n and b_n of one that it had not. All are read before any is written.
    /// </summary>
    public void Step(int session, int positive, int negative)
    {
        var factors = _options.Factors;
        var u = new Span<float>(Sessions.Row(session), factors);
        var p = new Span<float>(Items.Row(positive), factors);
        var n = new Span<float>(Items.Row(negative), factors);
        ref var positiveBias = ref Items.Row(positive)[factors];
        ref var negativeBias = ref Items.Row(negative)[factors];

        TensorPrimitives.Subtract(p, n, _difference);
        var margin = TensorPrimitives.Dot<float>(u, _difference) + positiveBias - negativeBias;
        var step = _options.LearningRate / (1 + MathF.Exp(margin)); // times 1 - sigma(margin): none once the order is right
        u.CopyTo(_old);
        Shrink(u, _options.SessionPenalty);
        Shrink(p, _options.ItemPenalty);
        Shrink(n, _options.ItemPenalty);
        TensorPrimitives.MultiplyAdd(_difference, step, u, u);
        TensorPrimitives.MultiplyAdd(_old, step, p, p);
        TensorPrimitives.MultiplyAdd(_old, -step, n, n);
        var kept = 1 - (_options.LearningRate * _options.ItemPenalty);
        positiveBias = (kept * positiveBias) + step;
        negativeBias = (kept * negativeBias) - step;
    }

    /// <summary>An item that the event's session does not have, or -1 where none was drawn.</summary>
    internal int NegativeFor(int place, int epoch)
    {
        var own = _train.ItemsOf(_sessionOf[place]);
        var random = new CounterRandom(_options.Seed);
        for (var block = 0; block < Tries / WordsOfBlock; block++)
        {
            var words = random.At(RandomStream.BprDraws, block, epoch, (uint)place);
            foreach (var word in (ReadOnlySpan<uint>)[words.A, words.B, words.C, words.D])
            {
                var item = _options.Negatives == BprNegatives.Items
                    ? (int)((ulong)word * (uint)_train.Catalog.Count >> 32)
                    : _train.Items[(int)((ulong)word * (uint)_train.EventCount >> 32)];
                if (item >= 0 && !own.Contains(item))
                    return item;
            }
        }

        return ItemCatalog.UnknownItem;
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    private void Shrink(Span<float> values, float penalty)
    {
        if (penalty > 0)
            TensorPrimitives.Multiply(values, 1 - (_options.LearningRate * penalty), values);
    }
}
