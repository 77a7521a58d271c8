namespace NextItem.Preparation.Formats;

/// <summary>MovieLens: ratings of users, in the layouts of all releases; sessions by pauses.</summary>
internal static class MovieLens
{
    private static readonly IReadOnlyList<string> s_ratings = ["userId", "movieId", "rating", "timestamp"];

    public static readonly RawFormat Format = new()
    {
        Name = "movielens",
        Title = "MovieLens, ratings of any release",
        EventFiles = ["ratings.csv", "ratings.dat", "u.data"],
        User = ["userId"],
        Item = ["movieId"],
        Time = ["timestamp"],
        TimeUnit = TimeUnit.Seconds,
        Headerless = first => first.Count == 4 && first[0].All(char.IsAsciiDigit) ? s_ratings : null,
        ItemSources =
        [
            new(["movies.csv"], ["movieId"]),
            new(["movies.dat"], ["movieId"]) { Headerless = _ => ["movieId", "title", "genres"], Encoding = "latin-1" },
            new(["u.item"], ["movieId"])
            {
                Headerless = first => [.. new[] { "movieId", "title", "release_date" }, .. Enumerable.Range(4, Math.Max(0, first.Count - 3)).Select(i => $"column{i}")],
                Columns = ["title", "release_date"],
                Encoding = "latin-1",
            },
        ],
        Steps = new() { Sessions = SessionSource.User, Gap = TimeSpan.FromHours(1), TestPeriod = TimeSpan.FromDays(30) },
    };
}
