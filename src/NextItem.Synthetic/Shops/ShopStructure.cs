using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>
/// The hidden law of a shop: five distributions from which a step of a session is drawn. The generator draws from it and
/// the oracle adds it up; both ask the same <see cref="Sources"/>, so they cannot disagree about the mixture.
/// </summary>
internal sealed class ShopStructure
{
    private const int TransitionStream = 1;
    private const int PopularityStream = 2;

    private const int OwnSuccessors = 4;
    private const int RelatedSuccessors = 2;
    private const int Favourites = 8;
    private const int Accessories = 4;

    private readonly ShopOptions _options;
    private readonly int[] _categoryStarts;      // [categories + 1]: an item's category is a run of item indices
    private readonly int[] _categoryOf;          // [items]
    private readonly WeightedItems _popularity;
    private readonly WeightedItems[] _categoryPopularity;    // [categories]
    private readonly WeightedItems[] _successors;            // [items]
    private readonly WeightedItems[] _favourites;            // [categories]
    private readonly WeightedItems[] _accessories;           // [categories * collections]

    public ShopStructure(ShopOptions options)
    {
        _options = options;
        var categories = options.Categories;
        _categoryStarts = new int[categories + 1];
        for (var c = 0; c <= categories; c++)
            _categoryStarts[c] = (int)((long)options.Items * c / categories);
        _categoryOf = new int[options.Items];
        for (var c = 0; c < categories; c++)
            _categoryOf.AsSpan(_categoryStarts[c].._categoryStarts[c + 1]).Fill(c);

        (_popularity, _categoryPopularity) = Popularity();
        var random = new SplitMix64(options.Seed, TransitionStream, 0);
        _successors = new WeightedItems[options.Items];
        for (var item = 0; item < options.Items; item++)
            _successors[item] = Choose(_categoryOf[item], OwnSuccessors, RelatedSuccessors, item, ref random);
        _favourites = new WeightedItems[categories];
        for (var c = 0; c < categories; c++)
            _favourites[c] = Choose(c, Favourites, 0, excluded: -1, ref random);
        _accessories = new WeightedItems[categories * ShopNames.CollectionCount];
        for (var group = 0; group < _accessories.Length; group++)
            _accessories[group] = Choose(group / ShopNames.CollectionCount, 0, Accessories, excluded: -1, ref random);
    }

    /// <summary>How a first item is drawn.</summary>
    public WeightedItems First => _popularity;

    /// <summary>Number of items.</summary>
    public int ItemCount => _categoryOf.Length;

    /// <summary>Key, name, category and collection of every item.</summary>
    public ShopItem[] Describe()
    {
        var items = new ShopItem[ItemCount];
        for (var item = 0; item < items.Length; item++)
            items[item] = ShopNames.Item(_categoryOf[item], CollectionOf(item), PlaceOf(item));
        return items;
    }

    /// <summary>The five distributions of the step that follows a session so far, each with its relative share.</summary>
    /// <param name="itemsSoFar">At least one item.</param>
    public MixtureOfFive Sources(ReadOnlySpan<int> itemsSoFar)
    {
        var last = itemsSoFar[^1];
        var ofLast = _successors[last];
        var ofPair = itemsSoFar.Length == 1
            ? ofLast
            : _accessories[_categoryOf[last] * ShopNames.CollectionCount + CollectionOf(itemsSoFar[^2])];
        var mixture = new MixtureOfFive();
        mixture[0] = (_options.LastItemShare, ofLast);
        mixture[1] = (_options.FirstItemShare, _favourites[_categoryOf[itemsSoFar[0]]]);
        mixture[2] = (_options.PairShare, ofPair);
        mixture[3] = (_options.CategoryShare, _categoryPopularity[_categoryOf[last]]);
        mixture[4] = (_options.PopularityShare, _popularity);
        return mixture;
    }

    /// <summary>Draws the step that follows a session so far.</summary>
    public int DrawNext(ReadOnlySpan<int> itemsSoFar, ref SplitMix64 random)
    {
        var sources = Sources(itemsSoFar);
        var total = 0;
        foreach (var (share, _) in sources)
            total += share;
        var point = random.Below(total);
        var chosen = 0;
        while (point >= sources[chosen].Share)
            point -= sources[chosen++].Share;
        return sources[chosen].Items.DrawExcept(itemsSoFar[^1], ref random);
    }

    private int PlaceOf(int item) => item - _categoryStarts[_categoryOf[item]];

    private int CollectionOf(int item) => PlaceOf(item) % ShopNames.CollectionCount;

    private (WeightedItems All, WeightedItems[] ByCategory) Popularity()
    {
        var categories = _options.Categories;
        var random = new SplitMix64(_options.Seed, PopularityStream, 0);
        var categoryRanks = Ranks(categories, ref random);
        var categoryZipf = WeightedItems.Zipf(categories, _options.PopularityExponent / 2);
        var items = new int[ItemCount];
        var weights = new long[ItemCount];
        var byCategory = new WeightedItems[categories];
        for (var c = 0; c < categories; c++)
        {
            var (start, count) = (_categoryStarts[c], _categoryStarts[c + 1] - _categoryStarts[c]);
            var ranks = Ranks(count, ref random);
            var zipf = WeightedItems.Zipf(count, _options.PopularityExponent);
            var ofCategory = categoryZipf[categoryRanks[c]];
            for (var place = 0; place < count; place++)
            {
                items[start + place] = start + place;
                weights[start + place] = zipf[ranks[place]];
            }

            byCategory[c] = WeightedItems.From(items.AsSpan(start, count), weights.AsSpan(start, count));
            for (var place = 0; place < count; place++)
                weights[start + place] = Math.Max(1, (weights[start + place] * ofCategory) >> 30);
        }

        return (WeightedItems.From(items, weights), byCategory);
    }

    private static int[] Ranks(int count, ref SplitMix64 random)
    {
        var ranks = new int[count];
        for (var i = 0; i < count; i++)
            ranks[i] = i;
        random.Shuffle(ranks);
        return ranks;
    }

    /// <summary>Chooses distinct items of a category and of the one after it, by popularity; which gets the largest weight is left to chance.</summary>
    private WeightedItems Choose(int category, int own, int related, int excluded, ref SplitMix64 random)
    {
        Span<int> chosen = stackalloc int[own + related];
        for (var i = 0; i < chosen.Length; i++)
        {
            var source = _categoryPopularity[i < own ? category : (category + 1) % _options.Categories];
            do
            {
                chosen[i] = source.Draw(ref random);
            }
            while (chosen[i] == excluded || chosen[..i].Contains(chosen[i]));
        }

        random.Shuffle(chosen);
        return WeightedItems.From(chosen, WeightedItems.Decaying(chosen.Length));
    }
}
