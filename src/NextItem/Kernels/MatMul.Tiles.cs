namespace NextItem.Kernels;

/// <content>
/// The tiles: so many rows and so many vectors of C in registers, over the depth of a panel. Written out, since the JIT keeps
/// named variables in registers but not the elements of an array. Their arguments: pointers to the rows of A, the first element
/// to use of each and the step to the next, the panel of B, and C, whose old values are added or not.
/// </content>
internal static unsafe partial class MatMul
{
    private static void Tile8X3<TSimd, TVector>(
        float** a, long offset, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        TVector c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32, c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72;
        var width = TSimd.Width;
        if (accumulate)
        {
            c00 = TSimd.Load(c); c01 = TSimd.Load(c + width); c02 = TSimd.Load(c + (2 * width));
            c10 = TSimd.Load(c + cStride); c11 = TSimd.Load(c + cStride + width); c12 = TSimd.Load(c + cStride + (2 * width));
            c20 = TSimd.Load(c + (2 * cStride)); c21 = TSimd.Load(c + (2 * cStride) + width); c22 = TSimd.Load(c + (2 * cStride) + (2 * width));
            c30 = TSimd.Load(c + (3 * cStride)); c31 = TSimd.Load(c + (3 * cStride) + width); c32 = TSimd.Load(c + (3 * cStride) + (2 * width));
            c40 = TSimd.Load(c + (4 * cStride)); c41 = TSimd.Load(c + (4 * cStride) + width); c42 = TSimd.Load(c + (4 * cStride) + (2 * width));
            c50 = TSimd.Load(c + (5 * cStride)); c51 = TSimd.Load(c + (5 * cStride) + width); c52 = TSimd.Load(c + (5 * cStride) + (2 * width));
            c60 = TSimd.Load(c + (6 * cStride)); c61 = TSimd.Load(c + (6 * cStride) + width); c62 = TSimd.Load(c + (6 * cStride) + (2 * width));
            c70 = TSimd.Load(c + (7 * cStride)); c71 = TSimd.Load(c + (7 * cStride) + width); c72 = TSimd.Load(c + (7 * cStride) + (2 * width));
        }
        else
        {
            c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = c40 = c41 = c42 = c50 = c51 = c52 = c60 = c61 = c62 = c70 = c71 = c72 = TSimd.Create(0f);
        }

        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var b2 = TSimd.Load(b + (2 * width));
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00); c01 = TSimd.MultiplyAdd(x, b1, c01); c02 = TSimd.MultiplyAdd(x, b2, c02);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10); c11 = TSimd.MultiplyAdd(x, b1, c11); c12 = TSimd.MultiplyAdd(x, b2, c12);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20); c21 = TSimd.MultiplyAdd(x, b1, c21); c22 = TSimd.MultiplyAdd(x, b2, c22);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30); c31 = TSimd.MultiplyAdd(x, b1, c31); c32 = TSimd.MultiplyAdd(x, b2, c32);
            x = TSimd.Create(a4[offset]);
            c40 = TSimd.MultiplyAdd(x, b0, c40); c41 = TSimd.MultiplyAdd(x, b1, c41); c42 = TSimd.MultiplyAdd(x, b2, c42);
            x = TSimd.Create(a5[offset]);
            c50 = TSimd.MultiplyAdd(x, b0, c50); c51 = TSimd.MultiplyAdd(x, b1, c51); c52 = TSimd.MultiplyAdd(x, b2, c52);
            x = TSimd.Create(a6[offset]);
            c60 = TSimd.MultiplyAdd(x, b0, c60); c61 = TSimd.MultiplyAdd(x, b1, c61); c62 = TSimd.MultiplyAdd(x, b2, c62);
            x = TSimd.Create(a7[offset]);
            c70 = TSimd.MultiplyAdd(x, b0, c70); c71 = TSimd.MultiplyAdd(x, b1, c71); c72 = TSimd.MultiplyAdd(x, b2, c72);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width); TSimd.Store(c02, c + (2 * width));
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width); TSimd.Store(c12, c + cStride + (2 * width));
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width); TSimd.Store(c22, c + (2 * cStride) + (2 * width));
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width); TSimd.Store(c32, c + (3 * cStride) + (2 * width));
        TSimd.Store(c40, c + (4 * cStride)); TSimd.Store(c41, c + (4 * cStride) + width); TSimd.Store(c42, c + (4 * cStride) + (2 * width));
        TSimd.Store(c50, c + (5 * cStride)); TSimd.Store(c51, c + (5 * cStride) + width); TSimd.Store(c52, c + (5 * cStride) + (2 * width));
        TSimd.Store(c60, c + (6 * cStride)); TSimd.Store(c61, c + (6 * cStride) + width); TSimd.Store(c62, c + (6 * cStride) + (2 * width));
        TSimd.Store(c70, c + (7 * cStride)); TSimd.Store(c71, c + (7 * cStride) + width); TSimd.Store(c72, c + (7 * cStride) + (2 * width));
    }

    private static void Tile8X2<TSimd, TVector>(
        float** a, long offset, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        TVector c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        var width = TSimd.Width;
        if (accumulate)
        {
            c00 = TSimd.Load(c); c01 = TSimd.Load(c + width);
            c10 = TSimd.Load(c + cStride); c11 = TSimd.Load(c + cStride + width);
            c20 = TSimd.Load(c + (2 * cStride)); c21 = TSimd.Load(c + (2 * cStride) + width);
            c30 = TSimd.Load(c + (3 * cStride)); c31 = TSimd.Load(c + (3 * cStride) + width);
            c40 = TSimd.Load(c + (4 * cStride)); c41 = TSimd.Load(c + (4 * cStride) + width);
            c50 = TSimd.Load(c + (5 * cStride)); c51 = TSimd.Load(c + (5 * cStride) + width);
            c60 = TSimd.Load(c + (6 * cStride)); c61 = TSimd.Load(c + (6 * cStride) + width);
            c70 = TSimd.Load(c + (7 * cStride)); c71 = TSimd.Load(c + (7 * cStride) + width);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = TSimd.Create(0f);
        }

        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00); c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10); c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20); c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30); c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Create(a4[offset]);
            c40 = TSimd.MultiplyAdd(x, b0, c40); c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Create(a5[offset]);
            c50 = TSimd.MultiplyAdd(x, b0, c50); c51 = TSimd.MultiplyAdd(x, b1, c51);
            x = TSimd.Create(a6[offset]);
            c60 = TSimd.MultiplyAdd(x, b0, c60); c61 = TSimd.MultiplyAdd(x, b1, c61);
            x = TSimd.Create(a7[offset]);
            c70 = TSimd.MultiplyAdd(x, b0, c70); c71 = TSimd.MultiplyAdd(x, b1, c71);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width);
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width);
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width);
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width);
        TSimd.Store(c40, c + (4 * cStride)); TSimd.Store(c41, c + (4 * cStride) + width);
        TSimd.Store(c50, c + (5 * cStride)); TSimd.Store(c51, c + (5 * cStride) + width);
        TSimd.Store(c60, c + (6 * cStride)); TSimd.Store(c61, c + (6 * cStride) + width);
        TSimd.Store(c70, c + (7 * cStride)); TSimd.Store(c71, c + (7 * cStride) + width);
    }

    private static void Tile8X1<TSimd, TVector>(
        float** a, long offset, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        TVector c00, c10, c20, c30, c40, c50, c60, c70;
        if (accumulate)
        {
            c00 = TSimd.Load(c);
            c10 = TSimd.Load(c + cStride);
            c20 = TSimd.Load(c + (2 * cStride));
            c30 = TSimd.Load(c + (3 * cStride));
            c40 = TSimd.Load(c + (4 * cStride));
            c50 = TSimd.Load(c + (5 * cStride));
            c60 = TSimd.Load(c + (6 * cStride));
            c70 = TSimd.Load(c + (7 * cStride));
        }
        else
        {
            c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = TSimd.Create(0f);
        }

        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            x = TSimd.Create(a4[offset]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            x = TSimd.Create(a5[offset]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            x = TSimd.Create(a6[offset]);
            c60 = TSimd.MultiplyAdd(x, b0, c60);
            x = TSimd.Create(a7[offset]);
            c70 = TSimd.MultiplyAdd(x, b0, c70);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c10, c + cStride);
        TSimd.Store(c20, c + (2 * cStride));
        TSimd.Store(c30, c + (3 * cStride));
        TSimd.Store(c40, c + (4 * cStride));
        TSimd.Store(c50, c + (5 * cStride));
        TSimd.Store(c60, c + (6 * cStride));
        TSimd.Store(c70, c + (7 * cStride));
    }

    private static void Tile4X2<TSimd, TVector>(
        float** a, long offset, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        TVector c00, c01, c10, c11, c20, c21, c30, c31;
        var width = TSimd.Width;
        if (accumulate)
        {
            c00 = TSimd.Load(c); c01 = TSimd.Load(c + width);
            c10 = TSimd.Load(c + cStride); c11 = TSimd.Load(c + cStride + width);
            c20 = TSimd.Load(c + (2 * cStride)); c21 = TSimd.Load(c + (2 * cStride) + width);
            c30 = TSimd.Load(c + (3 * cStride)); c31 = TSimd.Load(c + (3 * cStride) + width);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = TSimd.Create(0f);
        }

        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00); c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10); c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20); c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30); c31 = TSimd.MultiplyAdd(x, b1, c31);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width);
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width);
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width);
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width);
    }

    private static void Tile4X1<TSimd, TVector>(
        float** a, long offset, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        TVector c00, c10, c20, c30;
        if (accumulate)
        {
            c00 = TSimd.Load(c);
            c10 = TSimd.Load(c + cStride);
            c20 = TSimd.Load(c + (2 * cStride));
            c30 = TSimd.Load(c + (3 * cStride));
        }
        else
        {
            c00 = c10 = c20 = c30 = TSimd.Create(0f);
        }

        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c10, c + cStride);
        TSimd.Store(c20, c + (2 * cStride));
        TSimd.Store(c30, c + (3 * cStride));
    }

    private static void Tile1X2<TSimd, TVector>(float* a, long step, float* b, long bStride, float* c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var c0 = accumulate ? TSimd.Load(c) : TSimd.Create(0f);
        var c1 = accumulate ? TSimd.Load(c + TSimd.Width) : TSimd.Create(0f);
        for (var k = 0; k < inner; k++)
        {
            var x = TSimd.Create(*a);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + TSimd.Width), c1);
            a += step;
            b += bStride;
        }

        TSimd.Store(c0, c);
        TSimd.Store(c1, c + TSimd.Width);
    }

    private static void Tile1X1<TSimd, TVector>(float* a, long step, float* b, long bStride, float* c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var sum = accumulate ? TSimd.Load(c) : TSimd.Create(0f);
        for (var k = 0; k < inner; k++)
        {
            sum = TSimd.MultiplyAdd(TSimd.Create(*a), TSimd.Load(b), sum);
            a += step;
            b += bStride;
        }

        TSimd.Store(sum, c);
    }
}
