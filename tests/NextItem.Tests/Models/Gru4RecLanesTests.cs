using NextItem.Models.Gru4Rec;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

public unsafe class Gru4RecLanesTests
{
    private const int Items = 150; // more than one block of item rows, and not a multiple of it

    /// <summary>Each way of input with both variants, in one layer and in more; an embedding's size is that of no layer.</summary>
    public static TheoryData<GruVariant, string, EmbeddingMode> Networks =>
        new(
            from embedding in Enum.GetValues<EmbeddingMode>()
            from network in new[] { (GruVariant.ResetBefore, "12"), (GruVariant.ResetAfter, "12"), (GruVariant.ResetBefore, "5/18"), (GruVariant.ResetAfter, "20/3/7") }
            select (network.Item1, network.Item2, embedding));

    /// <summary>A finished model of cosines has rows of length 1 and no biases; its scores are those of training.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void TopK_CosineScores_AreThoseOfTheDoubleNetwork(GruVariant variant, string layers, EmbeddingMode embedding)
    {
        const float Scale = 9;
        var model = Model(variant, layers, embedding, out var reference, Scale);
        var random = new Random(5);
        using var lanes = model.Open(3);
        var states = Enumerable.Range(0, 3).Select(_ => model.Options.Layers.Select(units => new double[units]).ToArray()).ToArray();
        for (var step = 0; step < 4; step++)
        {
            var inputs = Enumerable.Range(0, 3).Select(lane => lane == 1 && step == 0 ? -1 : random.Next(Items)).ToArray();
            lanes.Advance(inputs);
            for (var lane = 0; lane < 3; lane++)
            {
                if (inputs[lane] >= 0)
                    states[lane] = reference.Next(states[lane], new DoubleEvent(inputs[lane], InputMask: null, Masks: null));
                var length = Math.Sqrt(states[lane][^1].Sum(h => h * h));
                var cosines = Array.ConvertAll(Scores(reference, states[lane][^1]), score => length == 0 ? 0 : Scale * score / length);
                var best = new ScoredItem[Items];
                Assert.Equal(length == 0 ? 0 : Items, lanes.TopK(lane, null, [], best));
                if (length == 0)
                    continue;
                Assert.All(best, item => Assert.Equal(cosines[item.ItemIndex], item.Score, 1e-5));
                using var other = model.Open(1);
                other.Load(0, lanes.Save(lane));
                var again = new ScoredItem[Items];
                Assert.Equal(Items, other.TopK(0, null, [], again));
                Assert.Equal(best, again);
            }
        }

        // Nothing is known: no item is better than another, and none is a hit.
        lanes.Reset(0);
        Assert.Equal(0, lanes.TopK(0, null, [], new ScoredItem[1]));
        var ranks = new TargetRank[3];
        lanes.Rank([3, 4, 5], ranks);
        Assert.Equal([false, true, true], ranks.Select(rank => rank.IsScored));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Load_StateThatIsNoNumber_IsRefused(float value)
    {
        using var lanes = Model(GruVariant.ResetBefore, "12", out _).Open(1);
        var state = lanes.Save(0);
        System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(12), value);
        Assert.Contains("at byte 12; expected finite numbers", Assert.Throws<ArgumentException>(() => lanes.Load(0, state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rank_ScoreThatIsNoNumber_IsUnscoredAndNoHit()
    {
        var model = Model(GruVariant.ResetBefore, "12", out _);
        model.Parameters.Items.At(3, 0, 12) = float.NaN;
        using var lanes = model.Open(2);
        var ranks = new TargetRank[2];
        lanes.Rank([3, 4], ranks);
        Assert.Equal(TargetRank.Unscored, ranks[0]);
        Assert.True(ranks[1].IsScored);
    }

    /// <summary>Rows of such lengths are further apart than they are long (SimdWidth.Stride).</summary>
    [Theory]
    [InlineData("256")]
    [InlineData("250")]
    [InlineData("512/40")]
    public void SaveAndLoad_LayersOfSpacedRows_GoOnAsIfNeverStopped(string layers)
    {
        var model = Model(GruVariant.ResetBefore, layers, out _);
        using var lanes = model.Open(2);
        lanes.Advance([3, 7]);
        lanes.Advance([5, 8]);
        using var other = model.Open(1);
        other.Load(0, lanes.Save(1));
        Assert.Equal(lanes.Save(1), other.Save(0));
        lanes.Advance([1, 9]);
        other.Advance([9]);
        ScoredItem[] expected = new ScoredItem[20], found = new ScoredItem[20];
        Assert.Equal(lanes.TopK(1, null, [], expected), other.TopK(0, null, [], found));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Dispose_ModelUsedAfterwards_IsRefusedInsteadOfReadFromFreedMemory()
    {
        var trained = Trainer.Fit(Fixtures.Generated.Words("abc abd bcd"), new Gru4RecOptions { Layers = [4], Epochs = 1, BatchSize = 2, NegativeSampleCount = 3 });
        trained.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelFile.Save(new MemoryStream(), trained));
        Assert.Throws<ObjectDisposedException>(() => trained.Model.Open(1));
    }

    [Fact]
    public void TopK_ExcludedItems_AreLeftOutInEveryBlock()
    {
        using var lanes = Model(GruVariant.ResetBefore, "12", out _).Open(1);
        lanes.Advance([3]);
        ScoredItem[] all = new ScoredItem[Items], best = new ScoredItem[Items];
        Assert.Equal(Items, lanes.TopK(0, null, [], all));
        int[] excluded = [0, 5, 63, 64, 70, 149];
        var count = lanes.TopK(0, null, excluded, best);
        Assert.Equal(all.Where(item => !excluded.Contains(item.ItemIndex)), best[..count]);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Rank_RandomSessions_EqualsTheDoubleNetwork(GruVariant variant, string layers, EmbeddingMode embedding)
    {
        var model = Model(variant, layers, embedding, out var reference);
        var random = new Random(5);
        const int Lanes = 7;
        using var lanes = model.Open(Lanes);
        var states = Enumerable.Range(0, Lanes).Select(_ => model.Options.Layers.Select(units => new double[units]).ToArray()).ToArray();
        var ranks = new TargetRank[Lanes];
        for (var step = 0; step < 6; step++)
        {
            var inputs = Enumerable.Range(0, Lanes).Select(_ => random.Next(-1, Items)).ToArray();
            var targets = Enumerable.Range(0, Lanes).Select(_ => random.Next(Items)).ToArray();
            lanes.Advance(inputs);
            lanes.Rank(targets, ranks);
            for (var lane = 0; lane < Lanes; lane++)
            {
                if (inputs[lane] >= 0)
                    states[lane] = reference.Next(states[lane], new DoubleEvent(inputs[lane], InputMask: null, Masks: null));
                var scores = Scores(reference, states[lane][^1]);
                var own = scores[targets[lane]];

                // Scores that float cannot tell apart may stand on either side.
                var surelyAbove = scores.Count(score => score > own + 1e-5);
                var maybeAbove = scores.Count(score => score > own - 1e-5) - 1;
                Assert.InRange(ranks[lane].Above, surelyAbove, maybeAbove);
                Assert.Equal(0, ranks[lane].Tied);

                var best = new ScoredItem[Items];
                Assert.Equal(Items, lanes.TopK(lane, null, [], best));
                Assert.All(best, item => Assert.Equal(scores[item.ItemIndex], item.Score, 1e-5));
            }
        }
    }

    /// <summary>The same session gives the same bits on any lane of any number of lanes, in Rank and in TopK.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void TopKAndRank_AnyLaneCount_GiveTheSameBits(GruVariant variant, string layers, EmbeddingMode embedding)
    {
        var model = Model(variant, layers, embedding, out _);
        int[] session = [3, 149, 3, 77, 12];
        var alone = new ScoredItem[Items];
        using (var one = model.Open(1))
        {
            foreach (var item in session)
                one.Advance([item]);
            one.TopK(0, null, [], alone);
        }

        var scores = new float[Items];
        foreach (var (item, score) in alone)
            scores[item] = score;
        for (var count = 1; count <= 33; count += count < 18 ? 1 : 5)
        {
            using var lanes = model.Open(count);
            var mine = count * 2 / 3;
            foreach (var item in session)
                lanes.Advance([.. Enumerable.Range(0, count).Select(lane => lane == mine ? item : (item + lane) % Items)]);
            var best = new ScoredItem[Items];
            lanes.TopK(mine, null, [], best);
            Assert.Equal(alone, best);

            var ranks = new TargetRank[count];
            for (var target = 0; target < Items; target += 13)
            {
                lanes.Rank([.. Enumerable.Repeat(target, count)], ranks);
                var (above, tied) = ByDefinition.Rank(scores, target);
                Assert.Equal(new TargetRank(above, tied), ranks[mine]);
            }
        }
    }

    /// <summary>Ties are exact: items with equal rows tie, and standard and conservative differ by their number, at every lane count.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void Rank_DuplicatedItemRows_CountsExactlyTheDuplicates(int duplicates)
    {
        var model = Model(GruVariant.ResetBefore, "12", out _);
        var items = model.Parameters.Items;
        int[] copies = [20, 63, 64, 149];
        for (var i = 1; i <= duplicates; i++)
            new ReadOnlySpan<float>(items.Row(copies[0]), items.Width).CopyTo(new Span<float>(items.Row(copies[i]), items.Width));
        for (var count = 1; count <= 33; count++)
        {
            using var lanes = model.Open(count);
            lanes.Advance([.. Enumerable.Range(0, count).Select(lane => lane * 3)]);
            var ranks = new TargetRank[count];
            lanes.Rank([.. Enumerable.Repeat(copies[1], count)], ranks);
            Assert.All(ranks, rank => Assert.Equal(duplicates, rank.Tied));
            lanes.Rank([.. Enumerable.Repeat(5, count)], ranks);
            Assert.All(ranks, rank => Assert.Equal(0, rank.Tied));
        }

        // The best items of a lane keep equal scores in the order of their index.
        using var one = model.Open(1);
        one.Advance([7]);
        var best = new ScoredItem[Items];
        one.TopK(0, null, [], best);
        var first = Array.FindIndex(best, item => item.ItemIndex == copies[0]);
        Assert.Equal(copies[..(duplicates + 1)], best[first..(first + duplicates + 1)].Select(item => item.ItemIndex));
    }

    [Theory, MemberData(nameof(Networks))]
    public void Save_ThenLoadElsewhere_GoesOnWithTheSameBytes(GruVariant variant, string layers, EmbeddingMode embedding)
    {
        var model = Model(variant, layers, embedding, out _);
        using var a = model.Open(3);
        using var b = model.Open(2);
        a.Advance([1, 2, 3]);
        a.Advance([4, 5, 6]);
        b.Advance([9, 9]);
        var saved = a.Save(1);
        b.Load(0, saved);
        a.Advance([-1, 8, -1]);
        b.Advance([8, -1]);
        Assert.Equal(a.Save(1), b.Save(0));
        Assert.NotEqual(saved, b.Save(0));
    }

    [Fact]
    public void Load_BytesOfAnotherShape_NamesBothLengths()
    {
        var small = Model(GruVariant.ResetBefore, "12", out _);
        var large = Model(GruVariant.ResetBefore, "5/18", out _);
        using var lanes = small.Open(1);
        using var others = large.Open(1);
        var wrong = others.Save(0);
        var right = lanes.Save(0);
        var thrown = Assert.Throws<ArgumentException>(() => lanes.Load(0, wrong));
        Assert.Contains($"{wrong.Length} bytes", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"expected {right.Length} bytes", thrown.Message, StringComparison.Ordinal);
        right[0] ^= 1;
        Assert.Throws<ArgumentException>(() => lanes.Load(0, right));
        Assert.Throws<ArgumentException>(() => lanes.Load(0, []));
    }

    [Fact]
    public void VectorOf_AnyItem_IsItsRowWithoutTheBias()
    {
        var model = Model(GruVariant.ResetBefore, "12", out var reference);
        Assert.Equal(12, model.VectorLength);
        Assert.Equal(12, model.VectorOf(149).Length);
        for (var i = 0; i < 12; i++)
            Assert.Equal((float)reference["items"].Value[149, 0, i], model.VectorOf(149)[i]);
        Assert.Contains("149", Assert.Throws<ArgumentOutOfRangeException>(() => model.VectorOf(150).Length).Message, StringComparison.Ordinal);
        Assert.Equal((150 * 13) + (12 * 36) + (12 * 36) + 36, model.ParameterCount);
    }

    private static Gru4RecModel Model(GruVariant variant, string layers, out DoubleNetwork reference) =>
        Model(variant, layers, EmbeddingMode.Shared, out reference);

    private static Gru4RecModel Model(GruVariant variant, string layers, EmbeddingMode embedding, out DoubleNetwork reference, float cosineScale = 0)
    {
        var options = new Gru4RecOptions { CosineScale = cosineScale, Layers = [.. layers.Split('/').Select(int.Parse)], Variant = variant, Embedding = embedding, EmbeddingSize = embedding == EmbeddingMode.Separate ? 9 : 0 };
        var catalog = ItemCatalog.From(Enumerable.Range(0, Items).Select(item => $"i{item}"), Enumerable.Repeat(1, Items));
        var parameters = new Gru4RecParameters(options, Items, states: 0);
        var random = new Random(17);
        foreach (var table in parameters.All.Tables)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var i = 0; i < table.Blocks * table.BlockColumns; i++)
                    table.At(row, i / table.BlockColumns, i % table.BlockColumns) = (float)((random.NextDouble() * 1.6) - 0.8);
            }
        }

        for (var row = 0; row < Items && cosineScale > 0; row++)
            parameters.Items.At(row, 0, parameters.VectorLength) = 0;
        if (cosineScale > 0)
            CosineScores.Normalise(parameters.Items, parameters.VectorLength);
        reference = new DoubleNetwork(parameters.All, options, [.. catalog.Support]);
        return new Gru4RecModel(catalog, options, parameters);
    }

    private static double[] Scores(DoubleNetwork network, double[] state)
    {
        var items = network["items"].Value;
        return [.. Enumerable.Range(0, Items).Select(item => items[item, 0, state.Length] + state.Select((h, i) => h * items[item, 0, i]).Sum())];
    }
}
