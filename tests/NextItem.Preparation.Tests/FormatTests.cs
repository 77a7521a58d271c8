namespace NextItem.Preparation.Tests;

/// <summary>A small log in each named format, with the sessions counted by hand.</summary>
public sealed class FormatTests : IDisposable
{
    private const int Day = 86_400;
    private static readonly PreparationSteps s_lenient = Steps.Lenient;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void YooChoose_ClicksAndTest_AreSessionsById()
    {
        _folder.Write("log/yoochoose-clicks.dat", "1,2014-04-07T10:51:09.277Z,214536502,0\n1,2014-04-07T10:54:09.868Z,214536500,0\n2,2014-04-07T13:56:37.614Z,214662742,S\n");
        _folder.Write("log/yoochoose-test.dat", "5,2014-04-09T12:00:00.000Z,214536502,0\n5,2014-04-09T12:01:00.500Z,214536506,0\n");
        _folder.Write("log/yoochoose-buys.dat", "1,2014-04-07T10:51:09.277Z,214536502,10,1\n");

        var report = Prepare("yoochoose");

        Assert.Equal(["1 214536502 1396867869.277", "1 214536500 1396868049.868", "2 214662742 1396878997.614"], _folder.Rows("train_full"));
        Assert.Equal(["5 214536502 1397044800.0", "5 214536506 1397044860.5"], _folder.Rows("test"));
        Assert.Equal(["yoochoose-clicks.dat", "yoochoose-test.dat"], report.Inputs.Select(input => Path.GetFileName(input.Name)));
    }

    [Fact]
    public void Diginetica_ViewsCategoriesAndNames_TimeIsDayAndMilliseconds()
    {
        _folder.Write("log/train-item-views.csv", "session_id;user_id;item_id;timeframe;eventdate\n1;NA;81766;526309;2016-05-09\n1;NA;31331;1031018;2016-05-09\n2;7;81766;1;2016-05-20\n");
        _folder.Write("log/product-categories.csv", "itemId;categoryId\n81766;1096\n99999;5\n");
        _folder.Write("log/products.csv", "itemId;pricelog2;product.name.tokens\n31331;8;12,34\n");

        Prepare("diginetica");

        Assert.Equal(["1 81766 1462752526.309", "1 31331 1462753031.018"], _folder.Rows("train_full"));
        Assert.Equal(["2 81766 1463702400.001"], _folder.Rows("test"));
        Assert.Equal("ItemId\tSupport\tcategoryId\tpricelog2\tproduct.name.tokens", File.ReadLines(_folder.At("out/items.tsv")).First());
        Assert.Equal(["31331 1  8 12,34", "81766 1 1096  "], _folder.Rows("items"));
    }

    [Fact]
    public void RetailRocket_EventsOfAllTypes_HoldSessionsTogether()
    {
        // 40 minutes from view to cart and 40 to the next view: one session, though the views are 80 minutes apart.
        var start = 1_442_000_000_000L;
        _folder.Write("log/events.csv", "timestamp,visitorid,event,itemid,transactionid\n"
            + $"{start},7,view,11,\n{start + 2_400_000},7,addtocart,11,\n{start + 4_800_000},7,view,12,\n{start + 9_000_000},7,view,11,\n{start + 100},8,transaction,11,4\n"
            + $"{start + 500_000_000},9,view,11,\n");
        _folder.Write("log/item_properties_part1.csv", "timestamp,itemid,property,value\n5,11,categoryid,100\n9,11,categoryid,200\n5,12,790,n5.000\n");
        _folder.Write("log/item_properties_part2.csv", "timestamp,itemid,property,value\n7,11,categoryid,300\n7,12,available,1\n");

        var report = Prepare("retailrocket", steps => steps with { TestPeriod = TimeSpan.FromDays(1), End = null });

        Assert.Equal(["7-1 11 1442000000.0", "7-1 12 1442004800.0", "7-2 11 1442009000.0"], _folder.Rows("train_full"));
        Assert.Equal(["9-1 11 1442500000.0"], _folder.Rows("test"));
        Assert.Equal(["11 2 200 ", "12 1  1"], _folder.Rows("items"));
        Assert.Equal(6, report.Counts[0].Events);
    }

    [Fact]
    public void Rees46_ViewsAlone_DivideSessions()
    {
        // The cart event does not hold the two views together here.
        _folder.Write("log/2019-Oct.csv", "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
            + "2019-10-01 00:00:00 UTC,view,44600062,1,,shiseido,35.79,541312140,a\n2019-10-01 00:40:00 UTC,cart,44600062,1,,shiseido,35.79,541312140,a\n"
            + "2019-10-01 01:20:00 UTC,view,3900821,2,appliances.water_heater,aqua,33.20,541312140,b\n");
        _folder.Write("log/2019-Nov.csv", "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
            + "2019-11-30 12:00:00 UTC,view,3900821,2,appliances.water_heater,aqua,30.00,5,c\n");

        Prepare("rees46");

        Assert.Equal(["541312140-1 44600062 1569888000.0", "541312140-2 3900821 1569892800.0"], _folder.Rows("train_full"));
        Assert.Equal(["5-1 3900821 1575115200.0"], _folder.Rows("test"));
        Assert.Equal(["3900821 1 appliances.water_heater aqua 30.00", "44600062 1  shiseido 35.79"], _folder.Rows("items"));
    }

    [Fact]
    public void Coveo_BrowsingOf2021_CutsSessionsAtPausesOfAllPages()
    {
        _folder.Write("log/browsing_train.csv", "session_id_hash,event_type,product_action,product_sku_hash,server_timestamp_epoch_ms,hashed_url\n"
            + "aa,event_product,detail,p1,1550000000000,u\naa,pageview,,,1550003000000,u\naa,event_product,detail,p2,1550006000000,u\naa,event_product,add,p2,1550006001000,u\n"
            + "aa,event_product,detail,p1,1550020000000,u\nbb,event_product,detail,p2,1550200000000,u\n");
        _folder.Write("log/sku_to_content.csv", "product_sku_hash,description_vector,category_hash,image_vector,price_bucket\np1,\"[0.1, 0.2]\",c1/c2,,7.0\n");

        var report = Prepare("coveo");

        Assert.Equal(["aa-1 p1 1550000000.0", "aa-1 p2 1550006000.0", "aa-2 p1 1550020000.0"], _folder.Rows("train_full"));
        Assert.Equal(["bb-1 p2 1550200000.0"], _folder.Rows("test"));
        Assert.Equal(["p1 2 [0.1, 0.2] c1/c2  7.0", "p2 1    "], _folder.Rows("items"));
        Assert.Equal(0, report.BadRowCount); // pages need no item
    }

    [Fact]
    public void Coveo_IntentOf2020_HasSeveralProductsInAField()
    {
        _folder.Write("log/sample_dataset.csv", "session_id_hash,event_type,product_action,product_skus_hash,server_timestamp_epoch_ms,hashed_url\n"
            + "aa,pageview,detail,p1,1550000000000,u\naa,event,detail,p2|p3,1550000060000,u\naa,pageview,,,1550000070000,u\nbb,pageview,detail,p2,1550200000000,u\n");

        var report = Prepare("coveo");

        Assert.Equal(["aa-1 p1 1550000000.0", "aa-1 p2 1550000060.0", "aa-1 p3 1550000060.0"], _folder.Rows("train_full"));
        Assert.Equal((5, 0), (report.Counts[0].Events, report.BadRowCount));
    }

    [Fact]
    public void Otto_ASessionALine_UnfoldsAndCountsBadLines()
    {
        _folder.Write("log/otto-recsys-train.jsonl", """
            {"session":12899779,"events":[{"aid":59625,"ts":1661724000278,"type":"clicks"},{"aid":59626,"ts":1661724000300,"type":"carts"},{"aid":59627,"ts":1661724059000,"type":"clicks"}]}
            {"session":5,"events":[]}
            not json
            {"session":6,"events":[{"aid":59625,"ts":1662724000278,"type":"clicks"}]}

            """);

        var report = Prepare("otto");

        Assert.Equal(["12899779 59625 1661724000.278", "12899779 59627 1661724059.0"], _folder.Rows("train_full"));
        Assert.Equal(["6 59625 1662724000.278"], _folder.Rows("test"));
        Assert.Equal(2, report.BadRowCount);
        Assert.Contains("row 2: 'ts' is empty", report.BadRows[0], StringComparison.Ordinal);
        Assert.Contains("row 3: the line cannot be read, or has none of 'session', ", report.BadRows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n", ",")]
    [InlineData("ratings.dat", "", "::")]
    [InlineData("u.data", "", "\t")]
    public void MovieLens_EveryLayout_GivesTheSameSessions(string file, string header, string separator)
    {
        string Line(params object[] fields) => string.Join(separator, fields) + "\n";
        _folder.Write($"log/{file}", header + Line(196, 242, 3, 881250949) + Line(196, 302, 4, 881250999) + Line(196, 51, 3, 881254700) + Line(7, 242, 5, 881250949 + (40 * Day)));
        _folder.Write("log/movies.csv", "movieId,title,genres\n242,\"Kolya, 1996\",Comedy|Drama\n");

        Prepare("movielens");

        Assert.Equal(["196-1 242 881250949.0", "196-1 302 881250999.0", "196-2 51 881254700.0"], _folder.Rows("train_full"));
        Assert.Equal(["7-1 242 884706949.0"], _folder.Rows("test"));
        Assert.Contains("242 1 Kolya, 1996 Comedy|Drama", _folder.Rows("items"));
    }

    [Fact]
    public void MovieLens_OldTitles_AreLatin1()
    {
        _folder.Write("log/ratings.dat", "1::2::3::881250949\n2::2::3::891250949\n");
        _folder.Write("log/movies.dat", System.Text.Encoding.Latin1.GetBytes("2::Misérables, Les (1995)::Drama|Musical\n"));

        Prepare("movielens");

        Assert.Equal(["2 1 Misérables, Les (1995) Drama|Musical"], _folder.Rows("items"));
    }

    [Fact]
    public void RecBole_AtomicFiles_ColumnsHaveTypes()
    {
        _folder.Write("log/ml.inter", "user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n196\t302\t3\t881250950\n7\t242\t3\t881450950\n");
        _folder.Write("log/ml.item", "item_id:token\tmovie_title:token_seq\trelease_year:token\n242\tKolya\t1996\n");

        Prepare("recbole");

        Assert.Equal(["196-1 242 881250949.0", "196-1 302 881250950.0"], _folder.Rows("train_full"));
        Assert.Equal(["7-1 242 881450950.0"], _folder.Rows("test"));
        Assert.Equal("ItemId\tSupport\tmovie_title\trelease_year", File.ReadLines(_folder.At("out/items.tsv")).First());
    }

    [Fact]
    public void PyGru4Rec_TrainAndTest_AreOneLog()
    {
        _folder.Write("log/train.tsv", "1\t214536502\t1396860669.277\n1\t214536500\t1396860845.154\n");
        _folder.Write("log/test.tsv", "2\t214536502\t1396960845.154\n");

        Prepare("pygru4rec");

        Assert.Equal(["1 214536502 1396860669.277", "1 214536500 1396860845.154"], _folder.Rows("train_full"));
        Assert.Equal(["2 214536502 1396960845.154"], _folder.Rows("test"));
    }

    [Theory]
    [InlineData("Books.jsonl", "{\"rating\":5.0,\"asin\":\"B000VARIANT\",\"parent_asin\":\"B00PARENT1\",\"user_id\":\"U1\",\"timestamp\":1588687728923}\n{\"rating\":1.0,\"parent_asin\":\"B00PARENT2\",\"user_id\":\"U1\",\"timestamp\":1598687728923}\n")]
    [InlineData("Books.json", "{\"reviewerID\":\"U1\",\"asin\":\"B00PARENT1\",\"overall\":5.0,\"unixReviewTime\":1588687728.923}\n{\"reviewerID\":\"U1\",\"asin\":\"B00PARENT2\",\"unixReviewTime\":1598687728.923}\n")]
    [InlineData("ratings_Books.csv", "USER1,B00PARENT1,5.0,1588687728.923\nUSER1,B00PARENT2,1.0,1598687728.923\n")]
    [InlineData("Books.csv", "B00PARENT1,USER1,5.0,1588687728.923\nB00PARENT2,USER1,1.0,1598687728.923\n")]
    public void Amazon_EveryRelease_GivesTheSameItems(string file, string text)
    {
        _folder.Write($"log/{file}", text);
        _folder.Write("log/meta_Books.jsonl", "{\"parent_asin\":\"B00PARENT1\",\"title\":\"A \\\"red\\\" book\",\"price\":9.5,\"images\":[{\"a\":1}]}\n");

        Prepare("amazon");

        Assert.EndsWith(" B00PARENT1 1588687728.923", Assert.Single(_folder.Rows("train_full")), StringComparison.Ordinal);
        Assert.EndsWith(" B00PARENT2 1598687728.923", Assert.Single(_folder.Rows("test")), StringComparison.Ordinal);
        Assert.StartsWith("B00PARENT1 1 ", _folder.Rows("items")[0], StringComparison.Ordinal);
        Assert.Contains("\"A \"\"red\"\" book\"", _folder.Rows("items")[0], StringComparison.Ordinal);
    }

    private PreparationReport Prepare(string format, Func<PreparationSteps, PreparationSteps>? change = null)
    {
        var steps = SessionPreparer.StepsOf(format) with
        {
            CollapseRepeats = s_lenient.CollapseRepeats,
            MinItemSupport = s_lenient.MinItemSupport,
            MinSessionLength = s_lenient.MinSessionLength,
            Validation = false,
        };
        return _folder.Prepare(_folder.At("log"), change is null ? steps : change(steps), options => options with { Format = format });
    }
}
