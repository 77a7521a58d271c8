using NextItem.Fuzz.Mutation;

namespace NextItem.Fuzz.Targets;

/// <summary><see cref="ModelFile.Load"/>, and recommending with what it gives.</summary>
internal sealed class ModelTarget : FuzzTarget
{
    public override string Name => "model";

    public override IReadOnlyList<byte[]> Pieces => TensorFiles.Pieces;

    public override byte[] Repaired(byte[] input) => TensorFiles.Signed(input);

    public override byte[] Changed(byte[] input, Random random) => TensorFiles.Changed(input, bytes => Mutator.Changed(bytes, input, Pieces, random), random);

    public override Outcome Take(byte[] input)
    {
        TrainedModel model;
        try
        {
            using var stream = new MemoryStream(input, writable: false);
            model = ModelFile.Load(stream);
        }
        catch (ModelFileException e)
        {
            return Refusal(e);
        }

        using (model)
        {
            var catalog = model.Model.Catalog;
            using var recommender = new Recommender(model.Model);
            string[] session = [.. Enumerable.Range(0, Math.Min(3, catalog.Count)).Select(catalog.KeyOf), "no such item"];
            var items = recommender.Recommend(session, 10).Items;
            if (items.Select(item => item.ItemKey).Distinct().Count() != items.Count)
                throw new InvalidOperationException("An item is recommended twice.");
            if (items.Any(item => double.IsNaN(item.Score)))
                throw new InvalidOperationException("A score is not a number.");
            using var again = new MemoryStream();
            ModelFile.Save(again, model);
            return Outcome.Read;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() =>
        SmallShop.Models().Select(model =>
        {
            using var stream = new MemoryStream();
            ModelFile.Save(stream, model.Model);
            return ($"{model.Name}.nextitem", stream.ToArray());
        });
}
