namespace NextItem.Preparation.Formats;

/// <summary>
/// Coveo: the SIGIR eCom data challenge of 2021 and the shopper intent data of 2020. Sessions have ids and are cut at pauses; pages
/// without a product count for the pauses.
/// </summary>
internal static class Coveo
{
    private const string Skus = "product_skus_hash";

    public static readonly RawFormat Format = new()
    {
        Name = "coveo",
        Title = "Coveo, SIGIR eCom 2021 (browsing) or shopper intent 2020, product details",
        EventFiles = ["browsing_train*.csv", "*shopper*intent*.csv", "release_dataset*.csv", "sample_dataset*.csv"],
        Session = ["session_id_hash"],
        Item = ["product_sku_hash", Skus],
        Time = ["server_timestamp_epoch_ms"],
        EventType = ["product_action"],
        TimeUnit = TimeUnit.Milliseconds,
        // The set of 2020 lists the products of an event in one field.
        Explode = (columns, rows) => columns.Contains(Skus)
            ? $"SELECT * REPLACE (unnest(coalesce(string_split({Skus}, '|'), [NULL])) AS {Skus}) FROM ({rows})"
            : rows,
        ItemSources = [new(["sku_to_content*.csv"], ["product_sku_hash"])],
        Steps = new() { EventTypes = ["detail"], Sessions = SessionSource.Id, Gap = TimeSpan.FromHours(1) },
    };
}
