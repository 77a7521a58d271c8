using System.Collections.Immutable;
using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>
/// Generates the log of a shop where what comes next is told by features: the theme by the title, the style by the picture, the
/// category by its name. The same options give the same shop on every machine.
/// </summary>
public static class FeatureShopGenerator
{
    private const int SecondsBetweenSessions = 60;
    private const int SecondsBetweenEvents = 20;
    private const int Successors = 4;
    private const int ItemStream = 21;
    private const int StyleStream = 22;
    private const int LawStream = 23;
    private const int SessionStream = 24;

    /// <summary>Generates a shop.</summary>
    /// <param name="options">What shop.</param>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public static FeatureShop Generate(FeatureShopOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var items = DrawItems(options);
        var law = new Law(options, items);
        var firstTest = Math.Clamp((int)Math.Round(options.Sessions * (1 - options.TestFraction)), 1, options.Sessions - 1);
        var (train, test) = (ImmutableArray.CreateBuilder<SessionEvent>(), ImmutableArray.CreateBuilder<SessionEvent>());
        var stop = 1 / (options.MeanLength - 1);
        for (var session = 0; session < options.Sessions; session++)
        {
            var random = new SplitMix64(options.Seed, SessionStream, session);
            var events = session < firstTest ? train : test;
            var (first, item) = (law.Popular.Draw(ref random), 0);
            item = first;
            var time = (double)ShopGenerator.StartTime + ((double)session * SecondsBetweenSessions);
            events.Add(new SessionEvent($"S{session:D7}", items[item].Key, time));
            do
            {
                item = law.Next(first, item, ref random);
                time += SecondsBetweenEvents;
                events.Add(new SessionEvent($"S{session:D7}", items[item].Key, time));
            }
            while (!random.Chance(stop));
        }

        return new FeatureShop(options, items, train.ToImmutable(), test.ToImmutable());
    }

    private static ImmutableArray<FeatureShopItem> DrawItems(FeatureShopOptions options)
    {
        var items = ImmutableArray.CreateBuilder<FeatureShopItem>(options.Items);
        for (var item = 0; item < options.Items; item++)
        {
            var random = new SplitMix64(options.Seed, ItemStream, item);
            var (theme, style, category) = (random.Below(options.Themes), random.Below(options.Styles), random.Below(options.Categories));
            var title = $"{Filler(ref random)} {ThemeWord(theme, random.Below(3))} {Filler(ref random)} {ThemeWord(theme, 3 + random.Below(3))} {Filler(ref random)}";
            items.Add(new FeatureShopItem($"P{item:D6}", title, $"category {category}", Picture(options, style, ref random), theme, style));
        }

        return items.MoveToImmutable();
    }

    /// <summary>Sixths of small whole numbers: the same bits on every machine.</summary>
    private static ImmutableArray<float> Picture(FeatureShopOptions options, int style, ref SplitMix64 random)
    {
        var image = ImmutableArray.CreateBuilder<float>(options.ImageLength);
        for (var i = 0; i < options.ImageLength; i++)
        {
            var ofStyle = new SplitMix64(options.Seed, StyleStream, (style * options.ImageLength) + i);
            image.Add((ofStyle.Below(13) - 6 + random.Below(9) - 4) / 8f);
        }

        return image.MoveToImmutable();
    }

    private static string ThemeWord(int theme, int word) => $"theme{theme}{"abcdef"[word]}";

    private static string Filler(ref SplitMix64 random) => $"word{random.Below(200)}";

    /// <summary>Where each kind of step leads.</summary>
    private sealed class Law
    {
        private readonly FeatureShopOptions _options;
        private readonly ImmutableArray<FeatureShopItem> _items;
        private readonly WeightedItems[] _successors;
        private readonly Dictionary<int, WeightedItems> _byTheme;
        private readonly Dictionary<int, WeightedItems> _byStyle;
        private readonly Dictionary<string, WeightedItems> _byCategory;
        private readonly int[] _nextTheme;

        public Law(FeatureShopOptions options, ImmutableArray<FeatureShopItem> items)
        {
            (_options, _items) = (options, items);
            var random = new SplitMix64(options.Seed, LawStream, 0);
            var order = Enumerable.Range(0, items.Length).ToArray();
            random.Shuffle(order);
            var weights = new long[items.Length];
            var zipf = WeightedItems.Zipf(items.Length, options.PopularityExponent);
            for (var rank = 0; rank < order.Length; rank++)
                weights[order[rank]] = zipf[rank];
            Popular = WeightedItems.From([.. Enumerable.Range(0, items.Length)], weights);
            _byTheme = Groups(items, item => item.Theme, weights);
            _byStyle = Groups(items, item => item.Style, weights);
            _byCategory = Groups(items, item => item.Category, weights);

            // A cycle of all themes in random order: each is followed by one other.
            var cycle = Enumerable.Range(0, options.Themes).ToArray();
            random.Shuffle(cycle);
            _nextTheme = new int[options.Themes];
            for (var i = 0; i < cycle.Length; i++)
                _nextTheme[cycle[i]] = cycle[(i + 1) % cycle.Length];
            _successors = new WeightedItems[items.Length];
            for (var item = 0; item < items.Length; item++)
                _successors[item] = Choose(item, ref random);
        }

        public WeightedItems Popular { get; }

        public int Next(int first, int last, ref SplitMix64 random)
        {
            var o = _options;
            var point = random.Below(o.ItemShare + o.ThemeShare + o.StyleShare + o.CategoryShare + o.PopularityShare);
            var from = (point -= o.ItemShare) < 0 ? _successors[last]
                : (point -= o.ThemeShare) < 0 ? _byTheme.GetValueOrDefault(_nextTheme[_items[last].Theme], Popular)
                : (point -= o.StyleShare) < 0 ? _byStyle[_items[first].Style]
                : (point -= o.CategoryShare) < 0 ? _byCategory[_items[last].Category]
                : Popular;
            return from.HasOtherThan(last) ? from.DrawExcept(last, ref random) : Popular.DrawExcept(last, ref random);
        }

        private WeightedItems Choose(int item, ref SplitMix64 random)
        {
            var chosen = new HashSet<int>();
            while (chosen.Count < Successors)
                chosen.Add(Popular.DrawExcept(item, ref random));
            int[] shuffled = [.. chosen.Order()];
            random.Shuffle(shuffled);
            return WeightedItems.From(shuffled, WeightedItems.Decaying(Successors));
        }

        private static Dictionary<TKey, WeightedItems> Groups<TKey>(ImmutableArray<FeatureShopItem> items, Func<FeatureShopItem, TKey> keyOf, long[] weights)
            where TKey : notnull =>
            Enumerable.Range(0, items.Length).GroupBy(item => keyOf(items[item]))
                .ToDictionary(group => group.Key, group => WeightedItems.From([.. group], [.. group.Select(item => weights[item])]));
    }
}
