namespace NextItem.Server.Settings;

/// <summary>Types of events under our names, those of Google Analytics 4, and those of the large retail services.</summary>
internal static class EventTypes
{
    public const string View = "view";

    public const string Click = "click";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        [View] = View,
        ["view_item"] = View,
        ["detail-page-view"] = View,
        ["product_viewed"] = View,
        [Click] = Click,
        ["select_item"] = Click,
        ["product_clicked"] = Click,
        ["add-to-cart"] = "add-to-cart",
        ["add_to_cart"] = "add-to-cart",
        ["product_added"] = "add-to-cart",
        ["remove-from-cart"] = "remove-from-cart",
        ["remove_from_cart"] = "remove-from-cart",
        ["product_removed"] = "remove-from-cart",
        ["add-to-wishlist"] = "add-to-wishlist",
        ["add_to_wishlist"] = "add-to-wishlist",
        ["purchase"] = "purchase",
        ["purchase-complete"] = "purchase",
        ["order_completed"] = "purchase",
    };

    /// <summary>Our names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_types.Values.Distinct()];

    /// <summary>Our name of a type; null for one that is not known.</summary>
    public static string? Find(string name) => s_types.GetValueOrDefault(name);
}
