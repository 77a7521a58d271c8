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
        for (var item = 0; item < features.Items.Count; item++)
        {
            var key = features.Items.KeyOf(item);
            var isKnown = model.Catalog.IndexOf(key) >= 0;
            var hasPlace = features.Blocks.Any(block => !block.Rows.IsEmpty(item));
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
        private readonly ItemFeatures _features;
        private readonly List<int> _new;
        private readonly int[] _known;
        private readonly FeatureRegression _regression;
        private readonly float _boost;
        private readonly CancellationToken _cancellationToken;

        public Placing(PrnnModel model, ItemFeatures known, ItemFeatures features, List<int> items, NewItemOptions options, CancellationToken cancellationToken)
        {
            (_features, _new, _cancellationToken) = (features, items, cancellationToken);
            _boost = options.Boost;
            var support = model.Catalog.Support.ToArray();

            // Items that were placed themselves have no event, and nothing to teach.
            _known = [.. Enumerable.Range(0, support.Length).Where(item => support[item] > 0 && known.HasFeatures(item)).OrderByDescending(item => support[item]).Take(options.MostItems).Order()];
            _regression = new FeatureRegression(known, _known, Array.ConvertAll(_known, item => support[item] / (support[item] + options.HalfTrust)), options.Penalty);
        }

        /// <summary>
        /// A regression says what is common to items and leaves out what is each one's own, so that its vectors are shorter than learned ones,
        /// and the items behind them would hardly ever be among the first: they are stretched to the same mean length.
        /// </summary>
        /// <param name="items">[I x (V + 1)] vectors and biases; the last rows are the new items'.</param>
        /// <param name="length">V.</param>
        public void Stretch(ParameterTable items, int length)
        {
            var first = items.Rows - _new.Count;
            var learned = _known.Average(item => Square(item));
            var placed = _new.Count == 0 ? 0 : Enumerable.Range(first, _new.Count).Average(item => Square(item));
            var factor = placed > 0 ? (float)Math.Sqrt(learned / placed) : 1;
            for (var item = first; item < items.Rows; item++)
            {
                var row = new Span<float>(items.Row(item), length);
                TensorPrimitives.Multiply(row, factor, row);
                items.Row(item)[length] += _boost;
            }

            double Square(int item) => TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(items.Row(item), length));
        }

        /// <summary>Copies a table with a row an item, and appends rows for the new ones, a regression for each column.</summary>
        public void Extend(ParameterTable source, ParameterTable target)
        {
            CopyRows(source, target, source.Rows);
            var values = new double[_known.Length];
            for (var column = 0; column < source.Width && _new.Count > 0; column++)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < values.Length; i++)
                    values[i] = source.Row(_known[i])[column];
                if (!values.AsSpan().ContainsAnyExcept(0))
                    continue; // padding
                var weights = _regression.Solve(values);
                for (var i = 0; i < _new.Count; i++)
                    target.Row(source.Rows + i)[column] = (float)_regression.Predict(_features, _new[i], weights);
            }
        }
    }
}
