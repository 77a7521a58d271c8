namespace NextItem.Tests.Fixtures;

/// <summary>Small session sets with some order in them, a function of the seed.</summary>
internal static class Generated
{
    /// <summary>Sessions of 1 to <paramref name="longest"/> events; item n is mostly followed by 3 n + 1 (modulo the items), lower items are more popular.</summary>
    public static SessionSet Sessions(int sessions, int items, int seed, int longest = 9, ItemCatalog? catalog = null)
    {
        var random = new Random(seed);
        var events = new List<SessionEvent>();
        for (var session = 0; session < sessions; session++)
        {
            var item = Draw();
            var length = random.Next(1, longest + 1);
            for (var i = 0; i < length; i++)
            {
                events.Add(new SessionEvent($"s{session}", $"i{item}", (session * 10) + i));
                item = random.Next(4) == 0 ? Draw() : ((3 * item) + 1) % items;
            }
        }

        return SessionSet.From(events, catalog);

        int Draw() => (int)(items * Math.Pow(random.NextDouble(), 2));
    }

    /// <summary>Sessions written as words: one letter an item, one word a session.</summary>
    public static SessionSet Words(string words, ItemCatalog? catalog = null) =>
        SessionSet.From(
            words.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany((word, session) =>
                word.Select((letter, i) => new SessionEvent($"s{session}", letter.ToString(), (session * 100) + i))),
            catalog);

    public static int Index(this SessionSet set, char item) => set.Catalog.IndexOf(item.ToString());
}
