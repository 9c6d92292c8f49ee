// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Vectors that the tests carry themselves. They were made by an independent implementation, except the first, which is
/// the example of the specification.
enum Carried {
    /// The example of C2SP signed-note: a vkey and a note that it verifies.
    static let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let exampleNote = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """

    /// A log key and three witnesses, quorum two.
    static let policy = """
        log ledger.example/vectors+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9
        witness w1 witness.example/w1+9843961a+BNbGnT4BwWFPhsJCJEC1lSuIsyECCSkpRRDtUOrZzguC
        witness w2 witness.example/w2+95020ecc+BAiFXFCBMVW+fgqK9ySdyMTXVYiE8zcsAiYlOEytWZ5I
        witness w3 witness.example/w3+76c7e268+BFvE4SVak41b/qX7zYGNuKLTVslp3GjX2WZwYr8aOxya
        group two-of-three 2 w1 w2 w3
        quorum two-of-three

        """

    /// The Ed25519 seeds of the keys in `policy`.
    static let logSeed = "f5b165224a58b791df6af1d8303e61cdc4bb86c3d1c427103c344c4189eb2f1e"
    static let witnessSeeds = [
        "7bd5d47e446fcec2a3d811736110e5781bcccea696762e6116c6e9c92d99bf35",
        "8c2e0718822ce47ca8c74107e66cb0e4b2b3f4d58d82ca6386d2c96e760e819b",
        "85c924c3597164c4a6058a00581a22b22de50472433d2e44fed8b6b8357e44cd",
    ]

    /// A proof of logging that holds under `policy`. Its leaf is what the extra line holds.
    static let proof = """
        c2sp.org/tlog-proof@v1
        extra dGltZSAxNzAwMDAwMTE0CmluZGVsaWJsZS1maWxpbmcvdjEKbG9nIGxlZGdlci5leGFtcGxlL3ZlY3RvcnMKYWZ0ZXIgNCByYVhHUjRMNytOT05TWk1sRjFqeElNNmJlb1k4RHFuS0tVZTIzeTZ2WER3PQpzaWduZXIgbWVtYmVyLTArNWZkNTJhNmYrQVNOeVZYa2hRdGxCTXhraXMvcWE0Vmkyemx6WFVyMVRDR2dzNzV6ZFgySFUKcmVnaXN0ZXIgQWxJcnRHU2VEcS80d001WERHM1pxRFFWMExlL3Z0QnhYM091MXNoNkxiND0KCuKAlCBtZW1iZXItMCBYOVVxYnp3NG1KNzY1eGYyUjAxZ1ZZUXFxazAvN0U3cXNnOTdkY0JIMjExc1hRVitSOUpNcDgzRzZhVWJlVS9zSTNLMjBBdkh3MHB5a3FNOEhaZ3FGREdTK3c0PQo=
        index 4
        TUnC+EIsqkSxprSeL2BhARQ8PlNi3eD3Din6ZNU+aKk=
        H0yEwY9OPo3HrvF+NEriKQ5RKEQNJbSLRXuWO8VjEfs=
        aRDjazR3gJs53JWq5S3oqTC7Flz80jBBB/SO7D4tmqY=
        J53Fn/z3D1gT56vYWXWnozNq1Wo5km6Ci88n+vQ/RvM=
        zRUevEQ6e0cmVnbPuj6wtkGcciJYyPVwMGAQtznQ5Uw=
        yu98yPm0xVoOBH/I9nZstEMNzhy6RuMrWCpveQugTjA=
        RpucQFDvD1sloG/VUpqXIhTlyY9yQQSSK6waDXOwDTM=
        cien+6J8pe15N9h/JusWdN0kjnrsvV8pm8O1ov8dAD0=
        3F1oQsHj3iYDVvZNV8eAD6CBXWrQfgpmaSxI8oEsK/Q=
        dLhgidkg1GyINmKJ+xx81b5OnoyZJe/81lB50zNhlKc=

        ledger.example/vectors
        600
        Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM=

        — ledger.example/vectors 0SXMf1Z8jyPDx+R1I0zIlCVlndqWp/+zWXoKzw/Cg1CZlUJK7s5TbiTjZluwra2KL9CsIi+KGmrTzchMi+YvAAzaUw8=
        — witness.example/w1 mEOWGgAAAABlVCrkT+lsjOHjRIcC9vMVa82HU5QnHRfpV2M7dM+FJww9iyfg7y3jfCW/ZfYshkHAwKcapYVZ7r3wHM5gKbBwieghBg==
        — witness.example/w2 lQIOzAAAAABlVCrlRjEiWvZeDO/u4ebSChH5vyh0hNGRpIniF3V87vpuOyeYM2BCMtoopn5t4P3GWEeJAH+CjFaPLslvdZ9d+ZyBDQ==
        — witness.example/w3 dsfiaAAAAABlVCrmgNTJEfYcIzo4ATUPzyWpUxH+4wJSXT0ZREej3KTsMXQW1paaeklBVWsfT6dr/1PkG2Qf+CAhMoXZpaeL/8MEDQ==

        """

    /// When the witnesses say that they cosigned the checkpoint of `proof`.
    static let proofTimes: [UInt64] = [1_700_014_820, 1_700_014_821, 1_700_014_822]

    /// Key, signature and message of seven vectors of C2SP/CCTV that some libraries accept: a key of small order, R of small
    /// order, a difference of small order twice, R and A in another encoding, everything of small order.
    static let refusedSignatures = [
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "05ba9a796274d80437afa36f1236563f2f3b0aa84cecddc3d20914615ba4fe02",
            "ed25519vectors"
        ),
        (
            "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            "0100000000000000000000000000000000000000000000000000000000000000"
                + "edfd6f478b59eab2545cf8f3d48c6574d2b4e8abd948148da5c62479113b8d0f",
            "ed25519vectors 13"
        ),
        (
            "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "030b03796b78f7afeadfccaedc9d09ce6d487d1ece1f16b1ae2b59b7e5c40603",
            "ed25519vectors 3"
        ),
        (
            "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
            "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
                + "2d471882773a677af1e3824e757a33f8ddf7bbeaf3d28a09595eb8daa0d74a03",
            "ed25519vectors 3"
        ),
        (
            "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
            "0100000000000000000000000000000000000000000000000000000000000080"
                + "2d32f9eeccaa31dba2ff4ab4e196b61e2ee1648073bbb5f599dcff4f7ea02900",
            "ed25519vectors 5"
        ),
        (
            "0100000000000000000000000000000000000000000000000000000000000080",
            "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "05ba9a796274d80437afa36f1236563f2f3b0aa84cecddc3d20914615ba4fe02",
            "ed25519vectors 1"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000"
                + "0000000000000000000000000000000000000000000000000000000000000000",
            "ed25519vectors 11"
        ),
    ]

    /// As above, of three that are accepted: the key or R may have a part of small order.
    static let acceptedSignatures = [
        (
            "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
            "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "40657f1cb030f12543549bbabd848dc6403d354e7c99c4d0dcee9f63c9033b00",
            "ed25519vectors 5"
        ),
        (
            "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506"
                + "08f32d206a7c0b7efa9a59e66546e8f1f599ef843fb502c9cc3c4ae8b7c11e05",
            "ed25519vectors 5"
        ),
        (
            "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
            "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
                + "bbfd00bd9c259d8d222d15e67a3d8228585050dbb9b9585be20d8fadc721da03",
            "ed25519vectors"
        ),
    ]
}
