namespace NextItem.Synthetic;

/// <summary>The words of a shop for life outdoors. A category's accessories are in the one after it, so neighbours belong together.</summary>
internal static class ShopNames
{
    public const int CategoryCount = 36;

    private static readonly (string Name, string Prefix)[] s_categories =
    [
        ("Trail running shoes", "SHOE"), ("Running socks", "SOCK"), ("Hydration vests", "VEST"), ("Energy bars", "BARS"),
        ("Water bottles", "BOTL"), ("Rain jackets", "RAIN"), ("Fleece jackets", "FLEE"), ("Hiking trousers", "TROU"),
        ("Hiking boots", "BOOT"), ("Trekking poles", "POLE"), ("Backpacks", "PACK"), ("Sleeping bags", "SLEE"),
        ("Sleeping mats", "MATS"), ("Tents", "TENT"), ("Camping stoves", "STOV"), ("Camp cookware", "COOK"),
        ("Head torches", "TORC"), ("Climbing harnesses", "HARN"), ("Climbing shoes", "CLIM"), ("Chalk bags", "CHAL"),
        ("Climbing ropes", "ROPE"), ("Bike helmets", "HELM"), ("Cycling jerseys", "JERS"), ("Cycling shorts", "SHOR"),
        ("Bike lights", "LITE"), ("Bike locks", "LOCK"), ("Panniers", "PANN"), ("Swimwear", "SWIM"),
        ("Swim goggles", "GOGG"), ("Wetsuits", "WETS"), ("Dry bags", "DRYB"), ("Yoga mats", "YOGA"),
        ("Dumbbells", "DUMB"), ("Resistance bands", "BAND"), ("Ski helmets", "SKIH"), ("Ski gloves", "GLOV"),
    ];

    private static readonly string[] s_collections = ["Aster", "Birch", "Cedar", "Dune"];

    /// <summary>Number of collections; every category has items of each.</summary>
    public static int CollectionCount => s_collections.Length;

    public static string Category(int category) => s_categories[category].Name;

    /// <summary>The item at a place of a category, both 0-based.</summary>
    public static ShopItem Item(int category, int collection, int place) => new(
        $"{s_categories[category].Prefix}-{place + 1:D4}",
        $"{s_categories[category].Name} {s_collections[collection]} {place + 1}",
        s_categories[category].Name,
        s_collections[collection]);
}
