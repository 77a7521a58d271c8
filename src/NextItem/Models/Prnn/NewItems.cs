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
        var similar = new SimilarItems(known);
        List<string> added = [], have = [], without = [];
        var (items, neighbours) = (new List<int>(), new List<(int Item, float Weight)[]>());
        for (var item = 0; item < features.Items.Count; item++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = features.Items.KeyOf(item);
            if (model.Catalog.IndexOf(key) >= 0)
            {
                have.Add(key);
                continue;
            }

            var near = similar.To(features, item, options.Neighbours);
            (near.Length == 0 ? without : added).Add(key);
            if (near.Length == 0)
                continue;
            items.Add(item);
            neighbours.Add(Weighted(near, options.Sharpness));
        }

        var catalog = ItemCatalog.From(
            Enumerable.Range(0, model.Catalog.Count).Select(model.Catalog.KeyOf).Concat(added), [.. model.Catalog.Support, .. new int[added.Count]]);
        return new AddedItems(Copy(model, catalog, known.With(features, [.. items], catalog), neighbours), [.. added], [.. have], [.. without]);
    }

    private static PrnnModel Copy(PrnnModel model, ItemCatalog catalog, ItemFeatures features, List<(int Item, float Weight)[]> neighbours)
    {
        var shape = PrnnShape.Of(model.Options, PrnnModel.BlocksOf(features));
        var network = PrnnParameters.WithoutHeads(shape, catalog.Count);
        ParameterTable? items = null;
        try
        {
            for (var k = 0; k < shape.Subnets.Length; k++)
            {
                for (var i = 0; i < network.Inputs[k].Length; i++)
                {
                    if (shape.Subnets[k].Inputs[i].Rows is null)
                        Extend(model.Network.Inputs[k][i], network.Inputs[k][i], neighbours);
                }
            }

            foreach (var table in network.All.Tables)
            {
                var source = model.Network.All[table.Name];
                for (var row = 0; row < table.Rows && table.Rows == source.Rows; row++)
                    new ReadOnlySpan<float>(source.Row(row), table.Width).CopyTo(new Span<float>(table.Row(row), table.Width));
            }

            items = new ParameterTable("items", catalog.Count, shape.VectorLength + 1, 1, states: 0);
            Extend(model.Items, items, neighbours);
            return new PrnnModel(catalog, model.Options, features, network, items);
        }
        catch
        {
            network.Dispose();
            items?.Dispose();
            throw;
        }
    }

    /// <summary>Copies the rows of a table by item, and appends the neighbours' weighted means.</summary>
    private static void Extend(ParameterTable source, ParameterTable target, List<(int Item, float Weight)[]> neighbours)
    {
        for (var row = 0; row < source.Rows; row++)
            new ReadOnlySpan<float>(source.Row(row), source.Width).CopyTo(new Span<float>(target.Row(row), source.Width));
        for (var i = 0; i < neighbours.Count; i++)
        {
            var sum = new Span<float>(target.Row(source.Rows + i), source.Width);
            foreach (var (item, weight) in neighbours[i])
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(source.Row(item), source.Width), weight, sum, sum);
        }
    }

    /// <summary>Weights that sum up to 1.</summary>
    private static (int Item, float Weight)[] Weighted((int Item, float Similarity)[] near, float sharpness)
    {
        var weights = Array.ConvertAll(near, neighbour => MathF.Pow(neighbour.Similarity, sharpness));
        var sum = weights.Sum();
        return [.. near.Zip(weights, (neighbour, weight) => (neighbour.Item, sum > 0 ? weight / sum : 1f / near.Length))];
    }
}
