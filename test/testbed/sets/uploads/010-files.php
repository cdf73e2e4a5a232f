<?php
// Uploads: old versions (shown and hidden), a deleted file, names with markup. Pictures are of one pixel and a given colour.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$admin = $scribe->person( 'Admin' );
	$files = MediaWiki\MediaWikiServices::getInstance()->getRepoGroup()->getLocalRepo();
	$upload = static function ( string $name, int $version, User $by, string $comment ) use ( $scribe, $files ) {
		$picture = tempnam( wfTempDir(), 'rota' );
		$image = imagecreatetruecolor( 2 + $version, 3 );
		imagefill( $image, 0, 0, imagecolorallocate( $image, $version * 9, strlen( $name ), 90 ) );
		imagepng( $image, $picture );
		$at = $scribe->wait();
		// The name under which a replaced version is kept holds the time of its replacement, so each must differ.
		$status = $files->newFile( $name )->upload( $picture, $comment, "Description of $name", 0, false, $at, $by );
		if ( !$status->isOK() ) {
			throw new RuntimeException( "$name: " . $status->getWikiText( false, false, 'en' ) );
		}
		DeferredUpdates::doUpdates();
		unlink( $picture );
	};
	$upload( 'Red square.png', 1, $zoe, 'first <upload> & "comment"' );
	$upload( 'Red square.png', 2, $admin, 'second, shown' );
	$upload( 'Red square.png', 3, $scribe->person( 'Secretive uploader' ), 'secret upload of a hidden user' );
	$upload( 'Red square.png', 4, $zoe, 'secret upload of a shown user' );
	$upload( 'Red square.png', 5, $zoe, 'latest' );
	$upload( "Zo\u{EB} & co.png", 1, $zoe, '' );
	$upload( 'Doomed.png', 1, $zoe, 'made' );
	$upload( 'Doomed.png', 2, $zoe, 'made again' );

	$scribe->alter( 'oldimage', [ 'oi_deleted' => 7 ], [ 'oi_width' => 5 ] );
	$scribe->alter( 'oldimage', [ 'oi_deleted' => 2 ], [ 'oi_width' => 6 ] );
	// The revisions and log entries of those uploads say the same, and are hidden with them.
	$comments = $scribe->db->selectFieldValues( 'comment', 'comment_id', [ $scribe->db->makeList( [
		'comment_text' . $scribe->db->buildLike( 'secret upload', $scribe->db->anyString() ),
		'comment_text' . $scribe->db->buildLike( 'Secretive uploader', $scribe->db->anyString() ),
	], LIST_OR ) ], __METHOD__ );
	$scribe->alter( 'logging', [ 'log_deleted' => 6 ], [ 'log_comment_id' => $comments ] );
	$revisions = $scribe->db->selectFieldValues( 'revision_comment_temp', 'revcomment_rev', [ 'revcomment_comment_id' => $comments ], __METHOD__ );
	$scribe->alter( 'revision', [ 'rev_deleted' => 6 ], [ 'rev_id' => $revisions ] );
	$scribe->alter( 'logging', [ 'log_deleted' => 5 ], [ 'log_type' => 'newusers', 'log_title' => 'Secretive_uploader' ] );

	$scribe->wait();
	$files->newFile( 'Doomed.png' )->deleteFile( 'deleted file', $admin );
	$scribe->delete( 'File:Doomed.png', $admin, 'deleted file' );
};
