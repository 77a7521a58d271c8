using NextItem.Kernels;

namespace NextItem.Tests.Reference;

/// <summary>BPR-MF as docs/baselines.md describes it, in double precision, an element at a time.</summary>
internal sealed class DoubleBprMf
{
    private readonly SessionSet _train;
    private readonly BprMfOptions _options;

    /// <param name="train">The sessions.</param>
    /// <param name="options">The options.</param>
    /// <param name="sessions">[S][F] the vectors to begin with.</param>
    /// <param name="items">[I][F + 1] vectors and biases to begin with.</param>
    public DoubleBprMf(SessionSet train, BprMfOptions options, double[][] sessions, double[][] items)
    {
        (_train, _options, Sessions, Items) = (train, options, sessions, items);
    }

    public double[][] Sessions { get; }

    public double[][] Items { get; }

    /// <summary>-ln sigma(x) and the penalties of one pair.</summary>
    public double Loss(int session, int positive, int negative)
    {
        double loss = Math.Log(1 + Math.Exp(-Margin(session, positive, negative)));
        loss += _options.SessionPenalty / 2.0 * Sessions[session].Sum(v => v * v);
        return loss + (_options.ItemPenalty / 2.0 * (Items[positive].Sum(v => v * v) + Items[negative].Sum(v => v * v)));
    }

    /// <summary>One epoch of steps. Returns how many there were.</summary>
    public int RunEpoch(int epoch)
    {
        var random = new CounterRandom(_options.Seed);
        var events = Enumerable.Range(0, _train.EventCount).ToArray();
        for (var i = events.Length - 1; i > 0; i--)
        {
            var j = (int)(random.At(RandomStream.BprEvents, 0, epoch, (uint)i).A * (double)(i + 1) / 4294967296.0);
            (events[i], events[j]) = (events[j], events[i]);
        }

        var steps = 0;
        foreach (var place in events)
        {
            var session = Enumerable.Range(0, _train.Count).Single(s => _train.Offsets[s] <= place && place < _train.Offsets[s + 1]);
            var own = _train.ItemsOf(session).ToArray();
            if (_train.Items[place] < 0)
                continue;
            var negative = Enumerable.Range(0, 8).Select(block => random.At(RandomStream.BprDraws, block, epoch, (uint)place))
                .SelectMany(words => new[] { words.A, words.B, words.C, words.D })
                .Select(word => _options.Negatives == BprNegatives.Items
                    ? (int)(word * (double)_train.Catalog.Count / 4294967296.0)
                    : _train.Items[(int)(word * (double)_train.EventCount / 4294967296.0)])
                .Where(item => item >= 0 && !own.Contains(item)).DefaultIfEmpty(-1).First();
            if (negative < 0)
                continue;
            Step(session, _train.Items[place], negative);
            steps++;
        }

        return steps;
    }

    /// <summary>The scores of all items after a session.</summary>
    public double[] Scores(params int[] session)
    {
        var mean = Enumerable.Range(0, _options.Factors).Select(f => session.Length == 0 ? 0 : session.Average(item => Items[item][f])).ToArray();
        return Array.ConvertAll(Items, item => mean.Zip(item, (a, b) => a * b).Sum() + item[^1]);
    }

    private double Margin(int session, int positive, int negative) =>
        Sessions[session].Select((u, f) => u * (Items[positive][f] - Items[negative][f])).Sum() + Items[positive][^1] - Items[negative][^1];

    private void Step(int session, int positive, int negative)
    {
        double rate = _options.LearningRate, wrong = 1 / (1 + Math.Exp(Margin(session, positive, negative)));
        var (u, p, n) = (Sessions[session].ToArray(), Items[positive].ToArray(), Items[negative].ToArray());
        for (var f = 0; f < u.Length; f++)
        {
            Sessions[session][f] += rate * ((wrong * (p[f] - n[f])) - (_options.SessionPenalty * u[f]));
            Items[positive][f] += rate * ((wrong * u[f]) - (_options.ItemPenalty * p[f]));
            Items[negative][f] += rate * ((-wrong * u[f]) - (_options.ItemPenalty * n[f]));
        }

        Items[positive][^1] += rate * (wrong - (_options.ItemPenalty * p[^1]));
        Items[negative][^1] += rate * (-wrong - (_options.ItemPenalty * n[^1]));
    }
}
