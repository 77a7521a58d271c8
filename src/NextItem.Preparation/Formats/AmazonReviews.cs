namespace NextItem.Preparation.Formats;

/// <summary>Amazon reviews of 2014, 2018 and 2023: JSON lines or ratings alone; a user's reviews, divided by pauses of a day.</summary>
internal static class AmazonReviews
{
    private const int AsinLength = 10;

    public static readonly RawFormat Format = new()
    {
        Name = "amazon",
        Title = "Amazon reviews of 2014, 2018 or 2023",
        EventFiles = ["*.jsonl", "*.json", "*.csv"],
        User = ["user_id", "reviewerID"],
        Item = ["parent_asin", "asin"],
        Time = ["timestamp", "unixReviewTime"],
        // Ratings alone: 2014 has the user first, 2018 the item, which is an ASIN of ten characters; 2023 has a header.
        Headerless = first => first is not { Count: 4 } || first.Contains("rating") ? null
            : first[0].Length == AsinLength && first[1].Length != AsinLength ? ["asin", "user_id", "rating", "timestamp"]
            : ["user_id", "asin", "rating", "timestamp"],
        ItemSources = [new(["meta_*.jsonl", "meta_*.json"], ["parent_asin", "asin"]) { Columns = ["title", "main_category", "main_cat", "categories", "category", "brand", "store", "price"] }],
        Steps = new() { Sessions = SessionSource.User, Gap = TimeSpan.FromDays(1), TestPeriod = TimeSpan.FromDays(30) },
    };
}
