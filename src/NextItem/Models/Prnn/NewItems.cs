using System.Numerics.Tensors;
using NextItem.Features;
using NextItem.Optimizers;

namespace NextItem.Models.Prnn;

/// <summary>Places new items in a p-RNN by their features: docs/prnn.md, "Items without events".</summary>
internal static unsafe class NewItems
{
    /// <summary>A copy of a model with new items.</summary>
    public static AddedItems Add(PrnnModel model, ItemFeatures known, ItemFeatures features, NewItemOptions options, CancellationToken cancellationToken)
    {
        List<string> added = [], have = [], without = [];
        var items = new List<int>();
        var canTeach = Placing.Teachers(model, known, options.MostItems) is not [];
        for (var item = 0; item < features.Items.Count; item++)
        {
            var key = features.Items.KeyOf(item);
            var isKnown = model.Catalog.IndexOf(key) >= 0;
            var hasPlace = canTeach && features.Blocks.Any(block => !block.Rows.IsEmpty(item));
            (isKnown ? have : hasPlace ? added : without).Add(key);
            if (!isKnown && hasPlace)
                items.Add(item);
        }

        var catalog = ItemCatalog.From(
            Enumerable.Range(0, model.Catalog.Count).Select(model.Catalog.KeyOf).Concat(added), [.. model.Catalog.Support, .. new int[added.Count]]);
        var placing = new Placing(model, known, features, items, options, cancellationToken);
        return new AddedItems(Copy(model, catalog, known.With(features, [.. items], catalog), placing), [.. added], [.. have], [.. without]);
    }

    private static PrnnModel Copy(PrnnModel model, ItemCatalog catalog, ItemFeatures features, Placing placing)
    {
        var shape = PrnnShape.Of(model.Options, PrnnModel.BlocksOf(features));
        var network = PrnnParameters.WithoutHeads(shape, catalog.Count);
        ParameterTable? items = null;
        try
        {
            var byItem = new HashSet<ParameterTable>();
            for (var k = 0; k < shape.Subnets.Length; k++)
            {
                for (var i = 0; i < network.Inputs[k].Length; i++)
                {
                    if (shape.Subnets[k].Inputs[i].Rows is not null)
                        continue;
                    byItem.Add(network.Inputs[k][i]);
                    placing.Extend(model.Network.Inputs[k][i], network.Inputs[k][i]);
                }
            }

            foreach (var table in network.All.Tables.Where(table => !byItem.Contains(table)))
                CopyRows(model.Network.All[table.Name], table, table.Rows);
            items = new ParameterTable("items", catalog.Count, shape.VectorLength + 1, 1, states: 0);
            placing.Extend(model.Items, items);
            placing.Fill();
            placing.Stretch(items, shape.VectorLength);
            return new PrnnModel(catalog, model.Options, features, network, items);
        }
        catch
        {
            network.Dispose();
            items?.Dispose();
            throw;
        }
    }

    private static void CopyRows(ParameterTable source, ParameterTable target, int rows)
    {
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source.Row(row), source.Width).CopyTo(new Span<float>(target.Row(row), source.Width));
    }

    /// <summary>Says of new items what a regression learned of the known ones.</summary>
    private sealed class Placing
    {
        /// <summary>Known items whose vectors are compared with what the others say of them.</summary>
        private const int Sample = 256;

        private readonly float _boost;
        private readonly int[] _known;
        private readonly FeatureRegression _regression;
        private readonly ItemFeatures _features;
        private readonly List<int> _items;
        private readonly List<(ParameterTable Source, ParameterTable Target)> _tables = [];
        private readonly List<(int Place, double[] Shares)> _sample = [];     // of some known ones, by their place in _known
        private readonly CancellationToken _cancellationToken;

        public Placing(PrnnModel model, ItemFeatures known, ItemFeatures features, List<int> items, NewItemOptions options, CancellationToken cancellationToken)
        {
            (_features, _items, _boost, _cancellationToken) = (features, items, options.Boost, cancellationToken);
            _known = Teachers(model, known, options.MostItems);
            var support = model.Catalog.Support.ToArray();
            _regression = new FeatureRegression(known, _known, Array.ConvertAll(_known, item => support[item] / (support[item] + options.HalfTrust)), options.Penalty);
            for (var i = 0; i < Math.Min(Sample, _known.Length) && items.Count > 0; i++)
            {
                var place = (int)((long)i * _known.Length / Math.Min(Sample, _known.Length));
                _sample.Add((place, SharesOf(known, _known[place])));
            }
        }

        /// <summary>Items that can teach: those with events and features; items that were placed themselves have none.</summary>
        public static int[] Teachers(PrnnModel model, ItemFeatures known, int most)
        {
            var support = model.Catalog.Support.ToArray();
            return [.. Enumerable.Range(0, support.Length).Where(item => support[item] > 0 && known.HasFeatures(item)).OrderByDescending(item => support[item]).Take(most).Order()];
        }

        /// <summary>
        /// A regression says what is common to items and leaves out what is each one's own, so that its vectors are shorter than learned ones,
        /// and the items behind them would hardly ever be among the first: they are stretched by as much as learned vectors are longer
        /// than what the other items say of them.
        /// </summary>
        /// <param name="items">[I x (V + 1)] vectors and biases; the last rows are the new items'.</param>
        /// <param name="length">V.</param>
        public void Stretch(ParameterTable items, int length)
        {
            double learned = 0, said = 0;
            var vector = new double[length];
            foreach (var (place, shares) in _sample)
            {
                // Without its own vector: (what all say - own share times own) / (1 - own share), exact for a ridge regression.
                Sum(items, shares, vector);
                var own = items.Row(_known[place]);
                for (var i = 0; i < length; i++)
                {
                    learned += (double)own[i] * own[i];
                    var others = (vector[i] - (shares[place] * own[i])) / (1 - shares[place]);
                    said += others * others;
                }
            }

            var factor = said > 0 && double.IsFinite(said) ? (float)Math.Sqrt(learned / said) : 1;
            for (var item = items.Rows - _items.Count; item < items.Rows; item++)
            {
                var row = new Span<float>(items.Row(item), length);
                TensorPrimitives.Multiply(row, factor, row);
                items.Row(item)[length] += _boost;
            }
        }

        /// <summary>Copies a table with a row an item; <see cref="Fill"/> appends rows for the new ones.</summary>
        public void Extend(ParameterTable source, ParameterTable target)
        {
            CopyRows(source, target, source.Rows);
            _tables.Add((source, target));
        }

        /// <summary>Appends the new items' rows to all tables, item by item.</summary>
        public void Fill()
        {
            for (var i = 0; i < _items.Count; i++)
            {
                var shares = SharesOf(_features, _items[i]);
                foreach (var (source, target) in _tables)
                {
                    var sum = new double[source.Width];
                    Sum(source, shares, sum);
                    for (var column = 0; column < sum.Length; column++)
                        target.Row(source.Rows + i)[column] = (float)sum[column];
                }
            }
        }

        private double[] SharesOf(ItemFeatures features, int item)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return _regression.SharesOf(features, item);
        }

        private void Sum(ParameterTable table, double[] shares, double[] sum)
        {
            Array.Clear(sum);
            for (var i = 0; i < _known.Length; i++)
            {
                var row = table.Row(_known[i]);
                for (var column = 0; column < sum.Length; column++)
                    sum[column] += shares[i] * row[column];
            }
        }
    }
}
