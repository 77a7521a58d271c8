using NextItem.Fuzz.Mutation;

namespace NextItem.Fuzz.Targets;

/// <summary><see cref="CheckpointFile.Load"/>, and training that goes on with what it gives.</summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    public override string Name => "checkpoint";

    public override IReadOnlyList<byte[]> Pieces => TensorFiles.Pieces;

    public override byte[] Repaired(byte[] input) => TensorFiles.Signed(input);

    public override byte[] Changed(byte[] input, Random random) => TensorFiles.Changed(input, bytes => Mutator.Changed(bytes, input, Pieces, random), random);

    public override Outcome Take(byte[] input)
    {
        try
        {
            using var stream = new MemoryStream(input, writable: false);
            using var checkpoint = CheckpointFile.Load(stream);
            // The caller's options, not the file's: a file may ask for a billion epochs.
            var options = SmallShop.Runs.FirstOrDefault(run => run.Layers.SequenceEqual(checkpoint.Options.Layers));
            if (options is null || checkpoint.Prnn is not null)
                return Outcome.Read;
            Trainer.Fit(SmallShop.Log, options, new TrainingContext { ResumeFrom = checkpoint }).Dispose();
            return Outcome.Read;
        }
        catch (Exception e) when (e is ModelFileException or TrainingStartException or TrainingDivergedException)
        {
            return Refusal(e);
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => SmallShop.Checkpoints().Select(checkpoint => ($"{checkpoint.Name}.checkpoint", checkpoint.Bytes));
}
