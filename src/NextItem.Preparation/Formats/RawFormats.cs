namespace NextItem.Preparation.Formats;

/// <summary>The formats that are known by name.</summary>
internal static class RawFormats
{
    /// <summary>Names that columns of any log often have.</summary>
    public static readonly IReadOnlyList<string>
        SessionNames = ["session_id", "session", "session_key", "visit_id", "visit", "user_session", "session_id_hash"],
        UserNames = ["user_id", "user", "visitor_id", "visitor", "customer_id", "customer", "client_id", "client", "reviewer_id", "person_id"],
        ItemNames = ["item_id", "item", "item_key", "product_id", "product", "sku", "article_id", "article", "aid", "asin", "movie_id", "product_sku", "product_sku_hash"],
        TimeNames = ["time", "timestamp", "ts", "event_time", "event_timestamp", "datetime", "date_time", "occurred_at", "event_at", "event_datetime", "event_date", "created_at", "logged_at", "recorded_at", "unix_timestamp", "unix_time", "when", "date"],
        TypeNames = ["event_type", "event", "type", "action", "behavior", "product_action"];

    private static readonly RawFormat[] s_all =
    [
        GenericFormat.Format, YooChoose.Format, Diginetica.Format, RetailRocket.Format, Rees46.Format, Coveo.Format, Otto.Format, MovieLens.Format,
        RecBole.Format, PyGru4Rec.Format, AmazonReviews.Format,
    ];

    /// <summary>The format of a name.</summary>
    public static RawFormat Of(string name) => s_all.Single(format => format.Name == name);
}
